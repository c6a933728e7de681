package examples;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.reactorserver.AsyncHandler;
import org.reactorserver.ReactorServer;
import org.reactorserver.Session;
import org.reactorserver.framing.Framing;

/**
 * Asks something behind it for each line, without a thread that waits for the answer. Answers come back in the order of
 * the requests, whichever was ready first; a request that fails is answered too, and the session goes on.
 */
public final class Gateway implements AsyncHandler {
    /** A client that asks faster than is answered is not read any more. */
    private static final int MOST_IN_FLIGHT = 100;

    private final Function<String, CompletionStage<String>> backend;

    /** Asks this; its answers may come on any thread. */
    public Gateway(Function<String, CompletionStage<String>> backend) {
        this.backend = backend;
    }

    /** How it is served. */
    public ReactorServer.Builder builder() {
        return ReactorServer.builder(Framing.lines())
                .port(8888)
                .maxHeldPerSession(MOST_IN_FLIGHT)
                .drainTimeout(Duration.ofSeconds(30)) // who stops it lets it answer what was asked
                .asyncHandler(this);
    }

    @Override
    public CompletionStage<String> onMessage(Session session, String request) {
        return backend.apply(request).handle((answer, failure) -> failure == null ? answer : "error: " + request);
    }

    /** Asks the web server that is given, and answers with the status. */
    public static void main(String[] arguments) throws IOException {
        URI target = URI.create(arguments[0]);
        HttpClient client = HttpClient.newHttpClient();
        new Gateway(path -> client.sendAsync(
                                HttpRequest.newBuilder(target.resolve(path))
                                        .timeout(Duration.ofSeconds(5))
                                        .build(),
                                HttpResponse.BodyHandlers.discarding())
                        .thenApply(response -> path + " " + response.statusCode()))
                .builder()
                .start();
    }
}
