package org.reactorserver.helper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.reactorserver.ReactorServer;
import org.reactorserver.admin.Admin;
import org.reactorserver.page.Brake;
import org.reactorserver.page.Stage;
import org.reactorserver.wire.Endpoint;

/** A server with a stage, and the page at its admin endpoint. */
public final class StagedServer implements AutoCloseable {
    public static final String TOKEN = "a token of the test's";

    public final ReactorServer server;
    public final Stage stage;
    private final Path token = Files.createTempFile("token", "");
    private final int page;

    /**
     * Starts it, with the page at a port that nobody takes when it is stopped and started again.
     *
     * @param brake what holds the loop; null for nothing
     */
    public StagedServer(ReactorServer.Builder builder, Brake brake) throws IOException {
        this(builder, brake, Ports.freeTcp());
    }

    /** The same, with the page at this port. */
    public StagedServer(ReactorServer.Builder builder, Brake brake, int page) throws IOException {
        Files.writeString(token, TOKEN + "\n");
        stage = new Stage(System::nanoTime, brake);
        Admin admin = Admin.at(Endpoint.tcp("127.0.0.1", page)).tokenFile(token).showing(stage);
        server = builder.port(0).with(admin).start();
        Await.until("the page", Duration.ofSeconds(60), () -> admin.address() != null);
        this.page = admin.address().getPort();
    }

    /** The page's port. */
    public int page() {
        return page;
    }

    @Override
    public void close() throws IOException {
        if (stage.brake() != null) {
            stage.brake().off();
        }
        server.drain(Duration.ofSeconds(5));
        Files.deleteIfExists(token);
    }
}
