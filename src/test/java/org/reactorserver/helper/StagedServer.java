package org.reactorserver.helper;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.reactorserver.ReactorServer;
import org.reactorserver.page.Brake;
import org.reactorserver.page.Pages;
import org.reactorserver.page.Stage;

/** A server with a stage, and the page at a port of its own. */
public final class StagedServer implements AutoCloseable {
    public static final String TOKEN = "a token of the test's";

    public final ReactorServer server;
    public final Stage stage;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    /**
     * Starts it, at ports of the system's choice.
     *
     * @param brake what holds the loop; null for nothing
     */
    public StagedServer(ReactorServer.Builder builder, Brake brake) throws IOException {
        this(builder, brake, 0);
    }

    /** The same, with the page at this port. */
    public StagedServer(ReactorServer.Builder builder, Brake brake, int page) throws IOException {
        stage = new Stage(System::nanoTime, brake);
        server = builder.stage(stage).port(0).start();
        Pages pages = new Pages(stage, given -> ("Bearer " + TOKEN).equals(given) ? null : "the token is wrong");
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), page), 0);
        http.setExecutor(threads);
        http.createContext("/", exchange -> {
            if (pages.isFor(exchange)) {
                pages.answer(exchange);
            } else {
                exchange.sendResponseHeaders(404, -1);
                exchange.close();
            }
        });
        http.start();
    }

    /** The page's port. */
    public int page() {
        return http.getAddress().getPort();
    }

    public int port() {
        return server.address().getPort();
    }

    @Override
    public void close() {
        if (stage.brake() != null) {
            stage.brake().off();
        }
        server.drain(Duration.ofSeconds(5));
        http.stop(0);
        threads.shutdownNow();
    }
}
