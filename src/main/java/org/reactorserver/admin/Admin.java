package org.reactorserver.admin;

import static org.reactorserver.text.Log.LOG;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.reactorserver.Extension;
import org.reactorserver.Inspection;
import org.reactorserver.ServerObserver;
import org.reactorserver.Session;
import org.reactorserver.SessionFacts;
import org.reactorserver.metrics.Exposition;
import org.reactorserver.metrics.Metrics;
import org.reactorserver.metrics.Question;
import org.reactorserver.metrics.Source;
import org.reactorserver.option.Figures;
import org.reactorserver.page.Pages;
import org.reactorserver.page.Stage;
import org.reactorserver.text.Addresses;
import org.reactorserver.text.IpLiteral;
import org.reactorserver.wire.Endpoint;

/**
 * Answers by HTTP how the server is: to those who watch over it, programs and people. It runs on threads of its own, on
 * the JDK's HTTP server (module {@code jdk.httpserver}), and asks the selector thread as little as it can: so it
 * answers when that is stuck, and a client that asks often or reads slowly delays no session.
 *
 * <pre>{@code
 * Admin admin = Admin.at(Endpoint.tcp("127.0.0.1", 9100));
 * ReactorServer server = builder.with(admin).start();
 * }</pre>
 *
 * <p>What it is told, it is told before the server starts; from then on: any thread.
 */
public final class Admin implements Extension {
    private static final long PATIENCE_MILLIS = 10_000;
    private static final Duration TURN = Duration.ofSeconds(2);
    private static final Duration SESSIONS_FRESH = Duration.ofMillis(500);
    private static final int BACKLOG = 128;
    private static final Pattern CLOSE = Pattern.compile("/sessions/([0-9]{1,18})/close");
    private static final Pattern AFTER = Pattern.compile("(?:^|&)after=([0-9]{1,18})(?:&|$)");
    private static final Pattern MOST = Pattern.compile("(?:^|&)most=([0-9]{1,9})(?:&|$)");

    private static final String OVERVIEW = """
            /                     for a browser: the reactor at work
            /healthz              200 if the selector thread turns, else 503
            /readyz               200 until the server is told to end, then 503
            /metrics              numbers, for Prometheus
            /doctor               what is wrong, in sentences
            /ring                 what the selector thread did last, a line a pass
            /sessions             who is connected; ?after=ID&most=N
            /sessions/ID/close    POST, with the token: ends that session
            """;

    private final Endpoint place;
    private final Exposition exposition = new Exposition();
    private final Metrics metrics = new Metrics(exposition);
    private final Threads threads = new Threads(PATIENCE_MILLIS);
    private final List<Source> sources = new CopyOnWriteArrayList<>();
    private Hosts hosts = new Hosts(Set.of());
    private Token token = new Token(null);
    private Stage stage; // null: one that nobody else knows

    // from attach on
    private Figures figures;
    private LongSupplier clock;
    private InetSocketAddress address;
    private Pages pages;

    // from the start on
    private Inspection server;
    private Question<Boolean> turns;
    private Question<List<SessionFacts>> sessions;
    private Doctor doctor;
    private Reserve reserve; // guarded by this
    private HttpServer http; // guarded by this; null before and after
    private boolean closed; // guarded by this

    /** An answer: status, type of content, content. */
    private record Answer(int status, String type, String text) {
        static Answer plain(int status, String text) {
            return new Answer(status, "text/plain; charset=utf-8", text);
        }
    }

    private Admin(Endpoint place) {
        this.place = place;
    }

    /**
     * Answers at this place, which others than this machine cannot reach.
     *
     * @param place a TCP endpoint; with port 0 the log, and {@link #address}, say where it is
     * @throws IllegalArgumentException if it is none, or others can reach it
     */
    public static Admin at(Endpoint place) {
        if (!isOnlyForThisMachine(place)) {
            throw new IllegalArgumentException(
                    "at(%s): other machines could read everything: expected 127.0.0.1, ::1 or localhost, or atRemote"
                            .formatted(place));
        }
        return atRemote(place);
    }

    /** The same at any address of this machine: every machine that can connect to it may read everything there. */
    public static Admin atRemote(Endpoint place) {
        if (place.kind() != Endpoint.Kind.TCP) {
            throw new IllegalArgumentException("atRemote(%s): expected a TCP endpoint".formatted(place));
        }
        return new Admin(place);
    }

    static boolean isOnlyForThisMachine(Endpoint place) {
        if (place.kind() != Endpoint.Kind.TCP) {
            return true;
        }
        InetAddress address = IpLiteral.parse(place.host());
        return address == null ? place.host().equalsIgnoreCase("localhost") : address.isLoopbackAddress();
    }

    /** Also answers to who calls it by these names, as in a URL, beside IP addresses and localhost. */
    public Admin hosts(String... names) {
        hosts = new Hosts(
                Arrays.stream(names).map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet()));
        return this;
    }

    /** Requests with the first line of this file, of 16 characters or more, may end sessions; by default none may. */
    public Admin tokenFile(Path file) {
        token = new Token(file);
        return this;
    }

    /** Shows this stage on its page, and comes with the server in its stead. */
    public Admin showing(Stage shown) {
        stage = shown;
        return this;
    }

    /** Tells of this too, from here on: its numbers at {@code /metrics}, what is wrong with it at {@code /doctor}. Any time. */
    public Admin telling(Source source) {
        source.register(exposition);
        sources.add(source);
        return this;
    }

    @Override
    public LongSupplier clock(LongSupplier servers) {
        return stage == null ? servers : stage.clock(servers);
    }

    @Override
    public List<ServerObserver> attach(Figures ofTheServer, LongSupplier servers) throws IOException {
        figures = ofTheServer;
        clock = servers;
        address = place.resolve();
        stage = stage == null ? new Stage(clock) : stage;
        pages = new Pages(stage, this::refusal);
        token.check();
        if (address.getPort() != 0) {
            try (ServerSocket probe = new ServerSocket()) {
                probe.bind(address);
            } catch (IOException e) {
                throw new IOException(
                        "the admin endpoint cannot listen on %s: %s; choose another --admin"
                                .formatted(Addresses.text(address), e.getMessage()),
                        e);
            }
        }
        List<ServerObserver> observers = new ArrayList<>(metrics.attach(figures, clock));
        observers.addAll(stage.attach(figures, clock)); // last: it may hold the loop
        return observers;
    }

    /** Starts to answer after the first pass, on a thread of its own: nobody waits for it. */
    @Override
    public void started(Inspection toBeWatched) {
        server = toBeWatched;
        turns = new Question<>(() -> server.turns().thenApply(nothing -> true), Duration.ZERO, TURN);
        sessions = new Question<>(server::sessions, SESSIONS_FRESH, TURN);
        server.turns().thenRun(() -> threads.execute(this::open));
    }

    private void open() {
        metrics.started(server);
        try {
            HttpServer made = HttpServer.create(address, BACKLOG);
            made.createContext("/", this::handle);
            made.setExecutor(threads);
            synchronized (this) {
                if (closed) {
                    made.stop(0);
                    return;
                }
                examine();
                made.start();
                http = made;
            }
            LOG.info("admin endpoint listening on http://{}", Addresses.text(made.getAddress()));
        } catch (IOException e) {
            LOG.error("the admin endpoint cannot listen on {}: {}; the server serves without it", place, e.toString());
        } catch (LinkageError e) {
            LOG.error("there is no admin endpoint without the JDK's module jdk.httpserver: {}", e.toString());
        }
    }

    private void examine() {
        Pulse pulse = new Pulse(System::nanoTime, Pulse::collectionMillis);
        reserve = new Reserve();
        doctor = new Doctor(server, figures, metrics, clock, pulse, reserve, turns, sessions, sources);
        threads.every(Pulse.TICK_MILLIS, () -> {
            pulse.run();
            reserve.keep();
        });
    }

    /** Ends at once, but for who looks at the page and is told so first. */
    @Override
    public void ended() {
        pages.close();
        HttpServer open;
        synchronized (this) {
            closed = true;
            open = http;
            http = null;
            if (reserve != null) {
                reserve.close();
            }
        }
        if (open != null) {
            open.stop(0);
        }
        threads.close();
    }

    /** Where it listens; null in the first moments, when the server has ended, and if it cannot. */
    public synchronized InetSocketAddress address() {
        return http == null ? null : http.getAddress();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Answer stranger = toStranger(exchange.getRequestHeaders());
        if (stranger == null && pages.isFor(exchange)) {
            pages.answer(exchange);
            return;
        }
        try (exchange) {
            Answer answer;
            try {
                answer = stranger == null ? answer(exchange) : stranger;
            } catch (RuntimeException e) { // a defect of this guest's, which is nobody else's trouble
                LOG.warn("the admin endpoint failed at {}", exchange.getRequestURI(), e);
                answer = Answer.plain(500, "this request failed; the log says why\n");
            }
            byte[] body = answer.text.getBytes(StandardCharsets.UTF_8);
            Headers headers = exchange.getResponseHeaders();
            headers.set("Content-Type", answer.type);
            headers.set("Cache-Control", "no-store");
            headers.set("X-Content-Type-Options", "nosniff");
            boolean isHead = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(answer.status, isHead || body.length == 0 ? -1 : body.length);
            if (!isHead) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    /** What is said to who may not ask; null if it may. */
    private Answer toStranger(Headers headers) {
        String host = headers.getFirst("Host");
        if (!hosts.isOurs(host)) {
            return Answer.plain(
                    403, "this is not " + host + "; call it by an IP address, or name it by --admin-hosts\n");
        }
        if (!hosts.isOwnPage(headers.getFirst("Origin"), host)) {
            return Answer.plain(403, "pages from elsewhere may not ask\n");
        }
        return null;
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        Headers headers = exchange.getRequestHeaders();
        String method = exchange.getRequestMethod();
        Matcher close = CLOSE.matcher(exchange.getRequestURI().getPath());
        if (close.matches()) {
            return method.equals("POST")
                    ? close(Long.parseLong(close.group(1)), headers.getFirst("Authorization"))
                    : notAllowed(exchange, "POST");
        }
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return notAllowed(exchange, "GET, HEAD");
        }
        return switch (exchange.getRequestURI().getPath()) {
            case "/" -> Answer.plain(200, OVERVIEW);
            case "/healthz" -> health();
            case "/readyz" -> server.isStopping() ? Answer.plain(503, "shutting down\n") : Answer.plain(200, "ready\n");
            case "/metrics" -> metrics(headers.getFirst("Accept"));
            case "/doctor" -> Answer.plain(200, doctor.report());
            case "/ring" -> Answer.plain(200, server.lastPasses(Integer.MAX_VALUE));
            case "/sessions" -> sessions(exchange.getRequestURI().getRawQuery());
            default -> Answer.plain(404, "there is no such page; there are:\n" + OVERVIEW);
        };
    }

    private static Answer notAllowed(HttpExchange exchange, String allowed) {
        exchange.getResponseHeaders().set("Allow", allowed);
        return Answer.plain(405, "this takes " + allowed + "\n");
    }

    private Answer health() {
        if (turns.answer().isEmpty() && stage.heldAt() != null) {
            return Answer.plain(503, "the selector thread is held, to be looked at, at: " + stage.heldAt() + "\n");
        }
        return turns.answer().isPresent()
                ? Answer.plain(200, "the selector thread turns\n")
                : Answer.plain(
                        503,
                        "the selector thread has not answered for %d ms; /doctor says where it is\n"
                                .formatted(turns.unansweredNanos() / 1_000_000));
    }

    private Answer metrics(String accept) {
        boolean isOpenMetrics = accept != null && accept.contains("application/openmetrics-text");
        String type = isOpenMetrics ? Exposition.OPEN_METRICS : Exposition.PROMETHEUS;
        return new Answer(200, type, exposition.text(isOpenMetrics));
    }

    private Answer sessions(String query) {
        Optional<List<SessionFacts>> all = sessions.answer();
        if (all.isEmpty()) {
            return Answer.plain(503, "the selector thread does not answer; /doctor says where it is\n");
        }
        long most = Math.max(1, Math.min(number(MOST, query, SessionPages.USUAL), SessionPages.MOST));
        return new Answer(200, "application/json", SessionPages.page(all.get(), number(AFTER, query, 0), (int) most));
    }

    private static long number(Pattern pattern, String query, long otherwise) {
        Matcher matcher = pattern.matcher(query == null ? "" : query);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : otherwise;
    }

    /** Why who sends this may not change anything; null if it may. */
    private String refusal(String authorization) throws IOException {
        if (!token.isThere()) {
            return "nothing can be changed without --admin-token-file";
        }
        return token.permits(authorization)
                ? null
                : "this needs Authorization: Bearer, and the token of --admin-token-file";
    }

    private Answer close(long id, String authorization) throws IOException {
        String refusal = refusal(authorization);
        if (refusal != null) {
            return Answer.plain(token.isThere() ? 401 : 403, refusal + "\n");
        }
        CompletableFuture<Session> found = server.session(id);
        try {
            Session session = found.get(TURN.toMillis(), TimeUnit.MILLISECONDS);
            if (session == null) {
                return Answer.plain(404, "there is no session " + id + "\n");
            }
            session.close();
            LOG.info("session {} is ended by the admin endpoint", id);
            return Answer.plain(202, "session " + id + " is ended as soon as its replies are written\n");
        } catch (TimeoutException | ExecutionException e) {
            return Answer.plain(503, "the selector thread does not answer; /doctor says where it is\n");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.plain(503, "interrupted\n");
        }
    }
}
