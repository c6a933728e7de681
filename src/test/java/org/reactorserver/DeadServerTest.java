package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactorserver.cli.Main;
import org.reactorserver.framing.Framing;
import org.slf4j.LoggerFactory;

/** A server whose selector thread has died does not look alive. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeadServerTest {

    @ParameterizedTest
    @MethodSource("org.reactorserver.Place#all")
    void itsUserIsTold(Place place) throws Exception {
        Error error = new OutOfMemoryError("said by a test");
        AtomicBoolean dead = new AtomicBoolean();
        LongSupplier clock = () -> {
            if (dead.get() && Thread.currentThread().getName().contains("selector")) {
                throw error;
            }
            return System.nanoTime();
        };
        try (Captured log = new Captured()) {
            ReactorServer server = place.in(ReactorServer.builder(Framing.lines()))
                    .port(0)
                    .clock(clock)
                    .handler(Session::send)
                    .start();
            try (TestClient client = TestClient.of(server)) {
                assertThat(client.send("hello\n").line()).isEqualTo("hello");
                dead.set(true);
                client.send("fatal\n");
                assertThatThrownBy(server::awaitEnd).hasCause(error);
                assertThat(server.stats().open()).isZero();
                assertThat(log.lines("said by a test")).isNotEmpty();
                assertThat(log.lines("its last passes were:")).hasSize(1);
                assertThat(log.lines("ready 1:r")).isNotEmpty();
            }
        }
    }

    /** Keeps all the memory that there is, and says so by sending nothing. */
    public static final class Hoarder implements MessageHandler {
        private static final List<Object> HOARD = new ArrayList<>();
        private static Object[] chain;

        /** For --handler. */
        public Hoarder() {}

        @Override
        public void onMessage(Session session, String message) {
            if (!message.equals("hoard")) {
                session.send(message);
                return;
            }
            for (int size = 1 << 20; size > 0; size /= 2) {
                hoard(size);
            }
        }

        /** Large pieces first, then ever smaller ones, until there is not room for two words. */
        private static void hoard(int size) {
            try {
                while (true) {
                    Object[] next = new Object[size];
                    next[0] = chain;
                    chain = next;
                }
            } catch (OutOfMemoryError e) {
                HOARD.size(); // it is what was wanted
            }
        }
    }

    /**
     * What needs memory next dies of it, and that may be what is to say so. It may also be that there is enough left.
     */
    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "1, 20", "4, 1"})
    void aProcessWhoseHeapIsFullEnds(int workers, int clients) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx24m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        classPath(),
                        Main.class.getName(),
                        "serve",
                        "--port",
                        "0",
                        "--framing",
                        "line",
                        "--transcript",
                        "off",
                        "--workers",
                        Integer.toString(workers),
                        "--handler",
                        Hoarder.class.getName()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<TestClient> all = new ArrayList<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            int port = portOf(out);
            for (int i = 0; i < clients; i++) {
                TestClient client = new TestClient(port);
                all.add(client);
                assertThat(client.send("hello\n").line()).isEqualTo("hello");
            }
            TestClient hoarding = new TestClient(port);
            hoarding.send("hoard\n");
            checkThatItEndsOrReacts(process, port, all);
            hoarding.close();
        } finally {
            process.destroyForcibly().waitFor();
            TestClient.closeAll(all);
        }
    }

    /** Every client is answered or disconnected; or the selector thread is dead, and then the process ends. */
    private static void checkThatItEndsOrReacts(Process process, int port, List<TestClient> clients) throws Exception {
        boolean listens = true;
        for (int i = 0; i < 100 && listens; i++) {
            for (TestClient client : clients) {
                try {
                    client.send("are you there?\n"); // what needs memory meanwhile
                } catch (IOException e) {
                    continue; // it was hung up on
                }
            }
            try (TestClient newcomer = new TestClient(port)) {
                newcomer.send("are you there?\n").line();
            } catch (ConnectException e) {
                listens = false;
            } catch (SocketTimeoutException e) {
                throw new AssertionError("is alive and silent", e);
            } catch (IOException e) {
                continue; // disconnected: the server is there, or it is just ending
            }
        }
        if (!listens) {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("ends").isTrue();
            assertThat(process.exitValue()).isEqualTo(70);
        }
    }

    private static int portOf(BufferedReader out) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("reactor-server listening on ")) {
                return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
            }
        }
        throw new AssertionError("it does not listen");
    }

    private static String classPath() throws URISyntaxException {
        List<String> places = new ArrayList<>();
        for (Class<?> each : List.of(
                Main.class,
                DeadServerTest.class,
                LoggerFactory.class,
                org.slf4j.simple.SimpleLogger.class,
                picocli.CommandLine.class)) {
            places.add(Path.of(each.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString());
        }
        return String.join(System.getProperty("path.separator"), places);
    }

    /** It has ended long before it is asked. */
    @Test
    void whoWaitsForItLaterIsToldToo() throws Exception {
        Error error = new AssertionError("said by a test");
        AtomicBoolean dead = new AtomicBoolean();
        ReactorServer server = ReactorServer.builder(Framing.lines())
                .port(0)
                .clock(() -> {
                    if (dead.get() && Thread.currentThread().getName().contains("selector")) {
                        throw error;
                    }
                    return System.nanoTime();
                })
                .handler(Session::send)
                .start();
        try (TestClient client = TestClient.of(server)) {
            assertThat(client.send("hello\n").line()).isEqualTo("hello");
            dead.set(true);
            assertThatThrownBy(server::drain).hasCause(error);
            assertThatThrownBy(server::awaitEnd).hasCause(error);
            assertThatThrownBy(server::close).hasCause(error);
            assertThat(server.stats().open()).isZero();
        }
    }
}
