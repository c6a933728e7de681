package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.framing.Framing;
import org.reactorserver.text.Log;
import org.slf4j.event.Level;

/** What is logged, and what the client is sent, when code of the application's fails. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailuresLoggedTest {
    private final List<String> log = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();

    @BeforeEach
    void collectTheLog() {
        Log.to(new Log.Sink() {
            @Override
            public boolean takes(Level level) {
                return true;
            }

            @Override
            public void write(Level level, String text, Throwable cause) {
                log.add(level + " " + text.lines().findFirst().orElse("") + (cause == null ? "" : " " + cause));
            }
        });
    }

    @AfterEach
    void leaveTheLog() {
        Log.flush(Duration.ofSeconds(30));
        Log.to(null);
    }

    private List<String> logged(String part) {
        Log.flush(Duration.ofSeconds(30));
        return log.stream().filter(line -> line.contains(part)).toList();
    }

    private interface Deed {
        void on(Session session) throws Exception;
    }

    private ReactorServer.Builder failing(Deed deed) {
        return HandRun.lines(new MessageHandler() {
            @Override
            public void onMessage(Session session, String message) throws Exception {
                deed.on(session);
            }

            @Override
            public String onError(Session session, String message, Throwable cause) {
                errors.add(message + ": " + cause.getMessage());
                if (errors.get(0).endsWith("twice")) {
                    throw new IllegalStateException("again");
                }
                return null;
            }
        });
    }

    /** What a client is sent that asks once. */
    private static String replyTo(ReactorServer.Builder builder) throws Exception {
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect()) {
            client.send("ask\n").endOutput();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.HANDLER_FAILED);
            return client.rest();
        }
    }

    @Test
    void aHandlerThatThrows() throws Exception {
        String reply = replyTo(failing(session -> {
            throw new IllegalStateException("oh");
        }));
        assertThat(reply).isEqualTo("error: " + CloseReason.HANDLER_FAILED + "\n");
        assertThat(errors).containsExactly("ask: oh");
        assertThat(logged("the handler failed at session 1 "))
                .singleElement()
                .asString()
                .contains("oh");
    }

    @Test
    void aHandlerWhoseOnErrorThrowsToo() throws Exception {
        assertThat(replyTo(failing(session -> {
                    throw new IllegalStateException("twice");
                })))
                .startsWith("error: ");
        assertThat(logged("onError failed at session 1 "))
                .singleElement()
                .asString()
                .contains("again");
        assertThat(logged("the handler failed at session 1 ")).hasSize(1);
    }

    @Test
    void anErrorReplyThatCannotBeMade() throws Exception {
        ReactorServer.Builder builder = failing(session -> {
                    throw new IllegalStateException("oh");
                })
                .errorReplies((why, problem) -> {
                    throw new IllegalStateException("speechless");
                });
        assertThat(replyTo(builder)).isEmpty();
        assertThat(logged("errorReplies failed at session 1 "))
                .singleElement()
                .asString()
                .contains("speechless");
    }

    @Test
    void anErrorReplyThatIsNoMessage() throws Exception {
        ReactorServer.Builder builder = failing(session -> {
                    throw new IllegalStateException("oh");
                })
                .errorReplies((why, problem) -> "two\nlines");
        assertThat(replyTo(builder)).isEmpty();
        assertThat(logged("is not told its error")).hasSize(1);
    }

    @Test
    void aFailureThatCannotBeDescribed() throws Exception {
        class Unspeakable extends RuntimeException {
            private static final long serialVersionUID = 1;

            @Override
            public String toString() {
                throw new IllegalStateException("no words");
            }
        }
        replyTo(failing(session -> {
            throw new Unspeakable();
        }));
        assertThat(logged("the handler failed at session 1 "))
                .singleElement()
                .asString()
                .endsWith(Unspeakable.class.getName());
    }

    @Test
    void anInterruptIsAFailureUnlessTheSessionWasToEnd() throws Exception {
        replyTo(failing(session -> {
            throw new InterruptedException("why");
        }));
        assertThat(errors).containsExactly("ask: why");
        errors.clear();
        ReactorServer.Builder ending = failing(session -> {
            session.close();
            throw new InterruptedException("of course");
        });
        try (HandRun server = new HandRun(ending);
                TestClient client = server.connect()) {
            client.send("ask\n").endOutput();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.CLOSED_BY_APPLICATION);
            assertThat(client.rest()).isEqualTo("error: " + CloseReason.HANDLER_FAILED + "\n");
        }
        assertThat(errors).isEmpty();
        assertThat(logged("of course")).isEmpty();
    }

    @Test
    void aLateReplyThatFailsWhenItsSessionHasEnded() throws Exception {
        CompletableFuture<String> late = new CompletableFuture<>();
        ReactorServer.Builder builder = ReactorServer.builder(Framing.lines()).asyncHandler((session, message) -> late);
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect()) {
            client.send("ask\n");
            server.until("asked", () -> server.stats().messagesHandled() == 1);
            server.session(0).close();
            late.completeExceptionally(new IllegalStateException("too late"));
            client.endOutput();
            server.untilClosed(1);
        }
        assertThat(logged("a late reply has failed")).singleElement().asString().contains("too late");
    }
}
