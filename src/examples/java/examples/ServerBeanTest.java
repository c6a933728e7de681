package examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.MessageHandler;
import org.reactorserver.ReactorServer;
import org.reactorserver.framing.Framing;
import org.springframework.context.support.GenericApplicationContext;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerBeanTest {
    private static final Duration LONG = Duration.ofSeconds(100);

    private final GenericApplicationContext context = new GenericApplicationContext();

    private static ReactorServer.Builder lines(MessageHandler handler) {
        return ReactorServer.builder(Framing.lines()).port(0).drainTimeout(LONG).handler(handler);
    }

    private ServerBean start(MessageHandler handler) {
        context.registerBean(ServerBean.class, () -> new ServerBean(lines(handler)));
        context.refresh();
        return context.getBean(ServerBean.class);
    }

    /** Asks, and returns the answer. */
    private static String ask(ReactorServer server, String line) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream().write((line + "\n").getBytes());
            return new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine();
        }
    }

    @Test
    void itStartsAndIsDrainedWithTheContext() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        ServerBean bean = start((session, message) -> {
            asked.countDown();
            closing.await();
            session.send(message);
        });
        assertThat(bean.isRunning()).isTrue();
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return ask(bean.server(), "hello");
            } catch (IOException e) {
                return e.toString();
            }
        });
        asked.await();
        Thread end = new Thread(context::close);
        end.start();
        while (!bean.server().inspection().isStopping()) {
            Thread.onSpinWait();
        }
        closing.countDown();
        end.join();
        assertThat(answer.get()).isEqualTo("hello");
        assertThat(bean.isRunning()).isFalse();
        assertThat(bean.server().awaitEnd().isClean()).isTrue();
    }

    @Test
    void aHandlerMayCloseTheContext() throws Exception {
        ServerBean bean = start((session, message) -> {
            context.close();
            session.send("closed");
        });
        assertThat(ask(bean.server(), "close")).isEqualTo("closed");
        assertThat(bean.server().awaitEnd().isClean()).isTrue();
        assertThat(context.isActive()).isFalse();
    }

    /** As {@code @Bean ReactorServer server(...)} does it: Spring closes what is AutoCloseable. */
    @Test
    void aServerThatIsABeanItselfIsDrainedToo() throws Exception {
        ReactorServer server =
                lines((session, message) -> session.send(message)).start();
        context.registerBean(ReactorServer.class, () -> server);
        context.refresh();
        assertThat(ask(context.getBean(ReactorServer.class), "hello")).isEqualTo("hello");
        context.close();
        assertThat(server.isRunning()).isFalse();
    }
}
