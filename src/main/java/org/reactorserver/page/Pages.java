package org.reactorserver.page;

import static org.reactorserver.text.Log.LOG;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers for the stage by HTTP: the page, its files, the stream of what happens (server-sent events), a recording; and
 * holds the loop for who may. Who asks, and from where, has been looked at before. Any thread.
 */
public final class Pages {
    /** Says whether who sends this {@code Authorization} may read what clients say, and hold the loop. */
    @FunctionalInterface
    public interface Permission {
        /** Null if so, else why not and what helps. */
        String refusal(String authorization) throws IOException;
    }

    static final int MOST_READERS = 128;
    private static final long PATIENCE_MILLIS = 10_000; // then a reader that takes nothing loses its place
    private static final String PREFIX = "/page/";
    private static final String HTML = "text/html; charset=utf-8";
    private static final Pattern PACE = Pattern.compile("(?:^|&)pace=([0-9]{1,6})(?:&|$)");
    private static final Pattern DO = Pattern.compile("(?:^|&)do=(stop|event|step|pass|resume)(?:&|$)");

    private final Stage stage;
    private final Permission permission;
    private final long patienceMillis;
    private final AtomicInteger readers = new AtomicInteger();

    /** For this stage. */
    public Pages(Stage stage, Permission permission) {
        this(stage, permission, PATIENCE_MILLIS);
    }

    Pages(Stage stage, Permission permission, long patienceMillis) {
        this.stage = stage;
        this.permission = permission;
        this.patienceMillis = patienceMillis;
    }

    /** Whether the request is for the page: the root too, if it is a browser that asks. */
    public boolean isFor(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        String accept = exchange.getRequestHeaders().getFirst("Accept");
        return path.startsWith(PREFIX) || (path.equals("/") && accept != null && accept.contains("text/html"));
    }

    /** Answers, and closes the exchange, now or, if it is the stream, when that ends. */
    public void answer(HttpExchange exchange) throws IOException {
        try {
            answerTo(exchange);
        } catch (RuntimeException e) { // a defect of this guest's, which is nobody else's trouble
            LOG.warn("the page failed at {}", exchange.getRequestURI(), e);
            exchange.close();
        }
    }

    private void answerTo(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        if (path.equals(PREFIX + "hold") ? !method.equals("POST") : !method.equals("GET")) {
            plain(exchange, 405, "this takes " + (method.equals("GET") ? "POST" : "GET") + "\n");
        } else if (path.equals("/")) {
            exchange.getResponseHeaders().set("Content-Security-Policy", Recording.POLICY);
            send(exchange, 200, HTML, Recording.live());
        } else if (path.equals(PREFIX + Recording.STYLE)) {
            send(exchange, 200, "text/css; charset=utf-8", Recording.resource(Recording.STYLE));
        } else if (Recording.SCRIPTS.contains(path.substring(PREFIX.length()))) {
            send(exchange, 200, "text/javascript; charset=utf-8", Recording.resource(path.substring(PREFIX.length())));
        } else {
            dynamic(exchange, path.substring(PREFIX.length()));
        }
    }

    private void dynamic(HttpExchange exchange, String name) throws IOException {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        String refusal = authorization == null ? "this needs the token" : permission.refusal(authorization);
        if (refusal != null && (authorization != null || name.equals("hold"))) {
            plain(exchange, 401, permission.refusal(authorization) + "\n");
            return;
        }
        switch (name) {
            case "events" -> stream(exchange, refusal == null);
            case "recording" -> {
                exchange.getResponseHeaders().set("Content-Disposition", "attachment; filename=reactor.html");
                send(exchange, 200, HTML, Recording.replay(stage.reel().all(), refusal == null));
            }
            case "hold" -> hold(exchange);
            default -> plain(exchange, 404, "there is no such page\n");
        }
    }

    /** The server has ended: who looks is told so, for half a second at most. */
    public void close() {
        stage.ended();
        try {
            for (int i = 0; i < 50 && readers.get() > 0; i++) {
                Thread.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How many look. */
    int readers() {
        return readers.get();
    }

    // ---- the stream

    private void stream(HttpExchange exchange, boolean texts) throws IOException {
        if (readers.incrementAndGet() > MOST_READERS) {
            readers.decrementAndGet();
            exchange.getResponseHeaders().set("Retry-After", "10");
            plain(exchange, 503, MOST_READERS + " look already\n");
            return;
        }
        headers(exchange, "text/event-stream; charset=utf-8");
        new Reader(stage, exchange, texts, patienceMillis, readers::decrementAndGet).start();
    }

    // ---- holding

    private void hold(HttpExchange exchange) throws IOException {
        Brake brake = stage.brake();
        if (brake == null) {
            plain(exchange, 409, "this server cannot be held: start it with --slow or --step\n");
            return;
        }
        String query = "" + exchange.getRequestURI().getRawQuery();
        Matcher pace = PACE.matcher(query);
        Matcher what = DO.matcher(query);
        boolean isPace = pace.find();
        boolean isDo = what.find();
        if (isPace) {
            brake.setPace(Long.parseLong(pace.group(1)));
        }
        if (isDo) {
            obey(brake, what.group(1));
        }
        plain(
                exchange,
                isPace || isDo ? 200 : 400,
                isPace || isDo ? "ok\n" : "expected do=stop, event, step, pass or resume, or pace=MILLISECONDS\n");
    }

    private static void obey(Brake brake, String what) {
        switch (what) {
            case "stop" -> brake.stop();
            case "resume" -> brake.resume();
            case "event" -> brake.letGo(Brake.Until.EVENT);
            case "step" -> brake.letGo(Brake.Until.STEP);
            default -> brake.letGo(Brake.Until.PASS);
        }
    }

    // ---- answering

    private static void plain(HttpExchange exchange, int status, String text) throws IOException {
        send(exchange, status, "text/plain; charset=utf-8", text);
    }

    private static void headers(HttpExchange exchange, String type) {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", type);
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        headers(exchange, type);
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
