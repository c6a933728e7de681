package org.reactorserver.helper;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.reactorserver.load.text.Json;

/** A real browser without a window, in a profile of its own, driven by its DevTools protocol. One page. */
public final class Chromium implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String EMPTY = "about:blank";
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final Pattern ADDRESS = Pattern.compile("DevTools listening on (ws://\\S+)");

    private final Path profile;
    private final Process process;
    private final WebSocket socket;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, CompletableFuture<Map<?, ?>>> answers = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private String session;

    /** Where it is installed; null if it is not. */
    public static String installed() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse(null);
    }

    /** Starts it with an empty page. */
    public Chromium() throws Exception {
        profile = Files.createTempDirectory("chromium");
        process = new ProcessBuilder(
                        installed(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--lang=en",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        EMPTY)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(address()), new Answers())
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Object target = call("Target.createTarget", Map.of("url", EMPTY)).get("targetId");
        session = (String) call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId");
        for (String domain : List.of("Page", "Runtime", "Log")) {
            call(domain + ".enable", Map.of());
        }
    }

    private String address() throws IOException {
        BufferedReader errors = new BufferedReader(new InputStreamReader(process.getErrorStream()));
        String line;
        while ((line = errors.readLine()) != null) {
            Matcher matcher = ADDRESS.matcher(line);
            if (matcher.find()) {
                Thread rest = new Thread(() -> errors.lines().forEach(each -> {}), "chromium");
                rest.setDaemon(true);
                rest.start();
                return matcher.group(1);
            }
        }
        throw new IOException("the browser has ended");
    }

    private Map<?, ?> call(String method, Map<String, ?> parameters) throws Exception {
        long number = numbers.incrementAndGet();
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("id", number);
        request.put("method", method);
        request.put("params", parameters);
        if (session != null) {
            request.put("sessionId", session);
        }
        CompletableFuture<Map<?, ?>> answer = new CompletableFuture<>();
        answers.put(number, answer);
        socket.sendText(Json.write(request), true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Map<?, ?> found = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (found.get("error") != null) {
            throw new AssertionError(method + ": " + found.get("error"));
        }
        return (Map<?, ?>) found.get("result");
    }

    /** Goes there; what was complained of before is forgotten. */
    public Chromium open(String url) throws Exception {
        go(EMPTY, "location.href === '" + EMPTY + "'"); // what was there still complains until it is gone
        complaints.clear();
        go(url, "location.href !== '" + EMPTY + "'");
        return this;
    }

    private void go(String url, String isThere) throws Exception {
        call("Page.navigate", Map.of("url", url));
        await(isThere + " && document.readyState === 'complete'");
    }

    /** How large the window is, and whether its colours are dark. */
    public Chromium size(int width, int height, boolean isDark) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        Map<String, String> colours = Map.of("name", "prefers-color-scheme", "value", isDark ? "dark" : "light");
        call("Emulation.setEmulatedMedia", Map.of("features", List.of(colours)));
        return this;
    }

    /** What the script comes to, as text. */
    public String ask(String script) throws Exception {
        Map<?, ?> answer = call(
                "Runtime.evaluate",
                Map.of("expression", "String(" + script + ")", "returnByValue", true, "awaitPromise", true));
        if (answer.get("exceptionDetails") != null) {
            throw new AssertionError(script + ": " + answer.get("exceptionDetails"));
        }
        return (String) ((Map<?, ?>) answer.get("result")).get("value");
    }

    /** Waits until the script comes to true. */
    public Chromium await(String script) {
        Await.until(script, PATIENCE, () -> {
            try {
                return ask(script).equals("true");
            } catch (AssertionError e) { // the page is not there yet
                return false;
            }
        });
        return this;
    }

    /** Clicks what has this id. */
    public Chromium click(String id) throws Exception {
        ask("document.getElementById('" + id + "').click()");
        return this;
    }

    /** The text of what has this id. */
    public String text(String id) throws Exception {
        return ask("document.getElementById('" + id + "').innerText");
    }

    /** What the page has written to the console, and what was refused to it. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** A picture of the window. */
    public void picture(Path file) throws Exception {
        String data =
                (String) call("Page.captureScreenshot", Map.of("format", "png")).get("data");
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(data));
    }

    @Override
    public void close() {
        socket.abort();
        process.destroy();
        process.onExit().completeOnTimeout(null, 10, TimeUnit.SECONDS).join();
        process.destroyForcibly().onExit().join();
        List<Path> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(Comparator.reverseOrder()).forEach(all::add);
        } catch (IOException | UncheckedIOException e) { // one of its own processes is still at it
        }
        all.forEach(each -> each.toFile().delete());
    }

    private final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
            text.append(part);
            if (isLast) {
                Map<?, ?> message = (Map<?, ?>) Json.read(text.toString());
                text.setLength(0);
                if (message.get("id") != null) {
                    answers.remove(((Number) message.get("id")).longValue()).complete(message);
                } else if (String.valueOf(message.get("method"))
                        .matches("Runtime.exceptionThrown|Log.entryAdded|Runtime.consoleAPICalled")) {
                    String complaint = message.get("params").toString();
                    if (!complaint.contains("level=verbose")) {
                        complaints.add(complaint);
                    }
                }
            }
            from.request(1);
            return null;
        }
    }
}
