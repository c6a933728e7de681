package org.reactorserver.force;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.reactorserver.helper.Programs;
import org.reactorserver.helper.Results;

/**
 * Clients that make a server with a small heap hold what costs more than it seems to, and one good client,
 * from another address, that asks ever again meanwhile: it is answered, and as soon as before.
 */
class HeldMemoryForce {
    private static final long SECOND = 1_000_000_000;
    private static final long BEFORE = (Results.QUICK ? 2 : 5) * SECOND;
    private static final long ATTACK = (Results.QUICK ? 10 : 30) * SECOND;

    /** Does its part of the attack. Returns false when there is nothing left to do but to hold what it has. */
    interface Step {
        boolean go(Attack attack) throws IOException;
    }

    // ---- the attacks

    @Test
    void sessions_that_are_gone_leave_messages_behind() throws Exception {
        byte[] lines = ("x".repeat(59) + "\n").repeat(500).getBytes(US_ASCII);
        run(
                "A1",
                "one client: connect, 500 lines of 60 bytes, reset, again",
                attack -> {
                    SocketChannel channel = attack.connect();
                    attack.writeAll(channel, lines);
                    LockSupport.parkNanos(2_000_000); // it is to be read
                    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                    channel.close();
                    return true;
                },
                "--echo",
                "--work",
                "10ms",
                "--max-connections",
                "10",
                "--max-connections-per-ip",
                "2");
    }

    @Test
    void replies_to_empty_lines_are_not_read() throws Exception {
        byte[] lines = "\n".repeat(64 * 1024).getBytes(US_ASCII);
        run(
                "A2",
                "connections that send empty lines and read no echo",
                attack -> {
                    if (attack.held.size() < 150) {
                        attack.hold(attack.connect());
                    }
                    for (SocketChannel channel : attack.held) {
                        attack.offer(channel, lines);
                    }
                    return true;
                },
                "--echo",
                "--send-buffer", // or the kernel takes millions of them first
                "16KiB",
                "--receive-buffer",
                "64KiB");
    }

    @Test
    void a_byte_is_left_over_of_a_long_message() throws Exception {
        byte[] most = new byte[65_000];
        Arrays.fill(most, (byte) 'x');
        byte[] rest = ("x".repeat(530) + "\n" + "x".repeat(6)).getBytes(US_ASCII);
        run(
                "A3",
                "connections that send a line of 65 kB in two parts and a few bytes more",
                attack -> {
                    SocketChannel channel = attack.connect();
                    attack.writeAll(channel, most);
                    attack.later(() -> attack.writeAll(channel, rest));
                    LockSupport.parkNanos(2_000_000); // the two parts are to be read apart
                    attack.hold(channel);
                    return attack.held.size() < 3_000;
                },
                "--reply",
                "good");
    }

    @Test
    void the_transcript_is_not_read() throws Exception {
        byte[] line = new byte[65_000];
        Arrays.fill(line, (byte) 'x');
        line[line.length - 1] = '\n';
        run(
                "A4",
                "lines of 65 kB, --transcript all, and nobody reads standard output",
                attack -> {
                    SocketChannel channel = attack.held.isEmpty() ? attack.connect() : attack.held.get(0);
                    if (attack.held.isEmpty()) {
                        attack.hold(channel);
                    }
                    attack.writeAll(channel, line);
                    return true;
                },
                "--reply",
                "good",
                "--transcript",
                "all");
    }

    @Test
    void messages_wait_for_workers() throws Exception {
        byte[] lines = ("x".repeat(19) + "\n").repeat(6_000).getBytes(US_ASCII);
        run(
                "A6",
                "connections with 6,000 messages of 20 bytes each for workers that take 10 ms",
                attack -> {
                    SocketChannel channel = attack.connect();
                    attack.hold(channel);
                    attack.offer(channel, lines);
                    return attack.held.size() < 3_000;
                },
                "--reply",
                "good",
                "--work",
                "10ms");
    }

    @Test
    void many_send_and_never_read() throws Exception {
        byte[] lines = ("x".repeat(59) + "\n").repeat(1_000).getBytes(US_ASCII);
        run(
                "A7",
                "1,000 connections that send lines of 60 bytes and read no echo",
                attack -> {
                    if (attack.held.size() < 1_000) {
                        attack.hold(attack.connect());
                    }
                    for (SocketChannel channel : attack.held) {
                        attack.offer(channel, lines);
                    }
                    return true;
                },
                "--echo",
                "--send-buffer", // or the kernel takes gigabytes of them first
                "16KiB",
                "--receive-buffer",
                "64KiB");
    }

    @Test
    void large_lines_are_echoed_to_nobody() throws Exception {
        byte[] line = new byte[65_007];
        Arrays.fill(line, (byte) 'x');
        line[65_000] = '\n';
        run(
                "A8",
                "connections that send a line of 65 kB and six bytes more, and read no echo",
                attack -> {
                    SocketChannel channel = attack.connect();
                    attack.writeAll(channel, line);
                    attack.hold(channel);
                    return attack.held.size() < 3_000;
                },
                "--echo");
    }

    // ---- what they have in common

    static void run(String row, String what, Step step, String... options) throws Exception {
        try (Victim victim = new Victim(options);
                GoodClient good = new GoodClient(victim.port)) {
            long before = good.medianOver(BEFORE);
            try (Attack attack = new Attack(victim.port)) {
                Thread attacker = new Thread(() -> attack.run(step), "attacker");
                attacker.start();
                long during = good.medianOver(ATTACK);
                double died = victim.isAlive() ? -1 : attack.seconds();
                attack.stop();
                attacker.interrupt(); // it may be connecting to a server that does not accept
                attacker.join();
                boolean served = victim.isAlive() && good.failure() == null;
                Results.row(
                        row,
                        what + ", -Xmx64m",
                        "%d connections, %d MB sent in %.1f s; good client: median %.2f ms, before %.2f ms, longest %.1f ms, %s; %s",
                        attack.connections,
                        attack.bytes / 1_000_000,
                        attack.seconds(),
                        during / 1e6,
                        before / 1e6,
                        good.longest() / 1e6,
                        good.failure() == null ? "served at every moment" : "failed: " + good.failure(),
                        died < 0 ? "alive" : "dead: " + victim.lastWords());
                assertThat(served)
                        .as("served; " + good.failure() + "; " + victim.lastWords())
                        .isTrue();
                assertThat(during).isLessThan(3 * Math.max(before, 1_000_000));
            }
        }
    }

    /** A server with 64 MB of heap, whose standard output is not read after the ready line. */
    private static final class Victim implements AutoCloseable {
        final int port;
        private final Process process;
        private final Path err;

        Victim(String... options) throws IOException {
            List<String> words = new ArrayList<>(List.of(
                    Programs.jdk("java"),
                    "-Xmx64m",
                    "-cp",
                    Programs.jar() + File.pathSeparator + Programs.testClasses(),
                    "org.reactorserver.cli.Main",
                    "serve",
                    "--port",
                    "0",
                    "--framing",
                    "line"));
            if (!List.of(options).contains("--transcript")) {
                words.addAll(List.of("--transcript", "off"));
            }
            words.addAll(List.of(options));
            err = Files.createTempFile("victim", ".err");
            err.toFile().deleteOnExit();
            process = new ProcessBuilder(words).redirectError(err.toFile()).start();
            port = awaitPort(process.getInputStream());
        }

        private static int awaitPort(InputStream out) throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = out.read(); b >= 0; b = out.read()) { // one by one: what follows stays where it is
                if (b != '\n') {
                    line.write(b);
                } else if (line.toString(UTF_8).startsWith("reactor-server listening on ")) {
                    String text = line.toString(UTF_8);
                    return Integer.parseInt(text.substring(text.lastIndexOf(':') + 1));
                } else {
                    line.reset();
                }
            }
            throw new AssertionError("it does not listen");
        }

        boolean isAlive() {
            return process.isAlive();
        }

        /** How it ended, and of what. */
        String lastWords() {
            try {
                String trouble = Files.readString(err)
                        .lines()
                        .filter(line -> line.contains("OutOfMemory"))
                        .findFirst()
                        .orElse("");
                return (process.isAlive() ? "running" : "exit " + process.exitValue()) + " " + trouble.strip();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                process.destroyForcibly().waitFor();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Asks on one connection, a hundred times a second at most, and notes how long the answer takes. */
    private static final class GoodClient implements AutoCloseable {
        private final Socket socket = new Socket();
        private IOException failure;
        private long longest;

        GoodClient(int port) throws IOException {
            socket.setSoTimeout(20_000);
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }

        /** Asks for so long. Returns the median in nanoseconds. */
        long medianOver(long nanos) throws InterruptedException {
            List<Long> took = new ArrayList<>();
            long end = System.nanoTime() + nanos;
            longest = 0;
            while (failure == null && System.nanoTime() - end < 0) {
                long began = System.nanoTime();
                try {
                    ask();
                } catch (IOException e) {
                    failure = e;
                }
                took.add(System.nanoTime() - began);
                longest = Math.max(longest, took.get(took.size() - 1));
                TimeUnit.MILLISECONDS.sleep(10);
            }
            Collections.sort(took);
            return took.get(took.size() / 2);
        }

        private void ask() throws IOException {
            socket.getOutputStream().write("good\n".getBytes(US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes(5);
            if (!new String(answer, US_ASCII).equals("good\n")) {
                throw new IOException("instead of an answer: " + new String(answer, US_ASCII));
            }
        }

        long longest() {
            return longest;
        }

        /** What went wrong; null if nothing did. */
        IOException failure() {
            return failure;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** One thread's worth of bad behaviour, from an address of its own. */
    static final class Attack implements AutoCloseable {
        final List<SocketChannel> held = new ArrayList<>();
        volatile int connections;
        volatile long bytes;

        private final int port;
        private final long began = System.nanoTime();
        private final List<Later> later = new ArrayList<>();
        private final ByteBuffer skimmed = ByteBuffer.allocateDirect(64 * 1024);
        private volatile boolean stopped;

        private interface Later {
            void go() throws IOException;
        }

        Attack(int port) {
            this.port = port;
        }

        double seconds() {
            return (System.nanoTime() - began) / 1e9;
        }

        void stop() {
            stopped = true;
        }

        void run(Step step) {
            boolean goesOn = true;
            while (!stopped) {
                try {
                    if (goesOn) {
                        goesOn = step.go(this);
                    }
                    while (later.size() > (goesOn ? 20 : 0)) {
                        later.remove(0).go();
                    }
                } catch (IOException e) { // refused or cut off: it tries again
                    later.clear();
                    held.removeIf(channel -> !channel.isConnected() || !channel.isOpen());
                }
                if (!goesOn) {
                    LockSupport.parkNanos(10_000_000); // it only holds now what it has
                }
            }
        }

        SocketChannel connect() throws IOException {
            SocketChannel channel = SocketChannel.open();
            try {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, 8 * 1024); // it is the server's heap that is meant
                channel.setOption(StandardSocketOptions.SO_SNDBUF, 128 * 1024);
                channel.bind(new InetSocketAddress("127.0.0.2", 0));
                channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                channel.configureBlocking(false);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
            connections++;
            return channel;
        }

        void hold(SocketChannel channel) {
            held.add(channel);
        }

        /** After a few other steps: so that it is read by itself. */
        void later(Later step) {
            later.add(step);
        }

        /** Writes as much as is taken. */
        void offer(SocketChannel channel, byte[] what) throws IOException {
            try {
                bytes += channel.write(ByteBuffer.wrap(what));
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }

        /** Reads what is there and forgets it. */
        void skim(SocketChannel channel) throws IOException {
            while (channel.read(skimmed.clear()) > 0) {
                skimmed.rewind();
            }
        }

        /** Writes everything, unless it is stopped. */
        void writeAll(SocketChannel channel, byte[] what) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(what);
            try {
                while (buffer.hasRemaining() && !stopped) {
                    bytes += channel.write(buffer);
                }
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            for (SocketChannel channel : held) {
                channel.close();
            }
        }
    }
}
