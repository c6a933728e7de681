package examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.reactorserver.ReactorServer;
import org.springframework.context.SmartLifecycle;

/**
 * A server as a bean of Spring's, which starts when all beans are there and is drained before the first one goes. It may be
 * closed by anybody, handlers and other beans included: {@code close} does not wait in a handler, which it would wait for.
 */
public final class ServerBean implements SmartLifecycle {
    private final ReactorServer.Builder builder;
    private volatile ReactorServer server; // null before the start

    public ServerBean(ReactorServer.Builder builder) {
        this.builder = builder;
    }

    @Override
    public void start() {
        try {
            server = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        server.close();
    }

    @Override
    public boolean isRunning() {
        return server != null && server.isRunning();
    }

    public ReactorServer server() {
        return server;
    }
}
