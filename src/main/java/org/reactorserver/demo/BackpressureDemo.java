package org.reactorserver.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.reactorserver.ReactorServer;
import org.reactorserver.ServerStats;
import org.reactorserver.demo.Screen.Bar;
import org.reactorserver.framing.Framing;

/** A client that sends and does not read: what stops it, and what the server holds of it meanwhile. */
final class BackpressureDemo implements Demo {
    private static final int LINE = 1024;
    private static final int TICK_MILLIS = 100;
    private static final int PER_TICK = 160 * LINE;
    private static final int STALLED_TICKS = 4; // in a row: it is over
    private static final int MOST_TICKS = 60;
    private static final int HIGH_WATER = 128 << 10;
    private static final int KERNEL_BUFFER = 64 << 10;
    private static final int KIB = 1024;

    @Override
    public void show(Screen screen) throws Exception {
        screen.say("pressure.intro", HIGH_WATER / KIB, PER_TICK / KIB, TICK_MILLIS);
        try (ReactorServer server = ReactorServer.builder(Framing.lines())
                        .port(0)
                        .highWater(HIGH_WATER)
                        .sendBuffer(KERNEL_BUFFER)
                        .receiveBuffer(KERNEL_BUFFER)
                        .handler((session, message) -> session.send(message))
                        .start();
                SocketChannel client = SocketChannel.open()) {
            client.setOption(StandardSocketOptions.SO_RCVBUF, KERNEL_BUFFER);
            client.setOption(StandardSocketOptions.SO_SNDBUF, KERNEL_BUFFER);
            client.connect(new InetSocketAddress("127.0.0.1", server.port()));
            client.configureBlocking(false);
            awaitReading(server);
            ByteBuffer line = line();
            List<Long> ticks = sendUntilStalled(client, line, server);
            List<Standstill> sent = standstills(ticks);
            screen.part(() -> drawSent(screen, sent));
            ServerStats stats = server.stats();
            screen.part(() -> drawWhere(screen, sent.get(sent.size() - 1).kibibytes, stats));
            long all = ticks.get(ticks.size() - 1) + line.remaining();
            double millis = readAll(client, line, all);
            screen.part(() -> {
                screen.say("pressure.end");
                screen.say("pressure.seen", kibibytes(all), millis);
            });
        }
    }

    /** The server has read something: from now on, only what the client does not read can stop it. */
    private static void awaitReading(ReactorServer server) throws IOException {
        try (Guest guest = new Guest(server)) {
            guest.send("\n");
            guest.line();
        }
    }

    private static void drawSent(Screen screen, List<Standstill> sent) {
        screen.blank();
        long most = sent.get(sent.size() - 1).kibibytes;
        screen.chart(
                most,
                sent.stream().map(each -> bar(each.label(), each.kibibytes)).toList());
        boolean rose = sent.subList(0, sent.size() - 1).stream().anyMatch(each -> each.last > each.first);
        if (rose) {
            screen.say("pressure.rose");
        }
    }

    /** Where the bytes are: each is counted once, a reply for its message. */
    private static void drawWhere(Screen screen, long sent, ServerStats stats) {
        long read = kibibytes(stats.bytesRead());
        long written = kibibytes(stats.bytesWritten());
        screen.say("pressure.stalled", sent);
        screen.chart(
                sent,
                List.of(
                        bar(screen.word("pressure.unread"), sent - read),
                        bar(screen.word("pressure.held"), read - written),
                        bar(screen.word("pressure.written"), written)));
        screen.say("pressure.why", kibibytes(stats.replyBytesWaiting()));
    }

    private static Bar bar(String label, long kibibytes) {
        return new Bar(label, kibibytes, Layout.figure("%,d KiB", kibibytes));
    }

    private static long kibibytes(long bytes) {
        return Math.round(bytes / (double) KIB);
    }

    /** The ticks, from the first to the last one, at whose ends the same had been sent. */
    record Standstill(int first, int last, long kibibytes) {
        String label() {
            return first == last
                    ? Layout.figure("%,d ms", last * TICK_MILLIS)
                    : Layout.figure("%,d–%,d ms", first * TICK_MILLIS, last * TICK_MILLIS);
        }
    }

    /** Joins equal neighbours. The last line is counted whole, also if a part of it is still to be sent. */
    static List<Standstill> standstills(List<Long> sentBytes) {
        List<Standstill> joined = new ArrayList<>();
        for (int tick = 1; tick <= sentBytes.size(); tick++) {
            long kibibytes = (sentBytes.get(tick - 1) + KIB - 1) / KIB;
            Standstill before = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (before != null && before.kibibytes == kibibytes) {
                joined.set(joined.size() - 1, new Standstill(before.first, tick, kibibytes));
            } else {
                joined.add(new Standstill(tick, tick, kibibytes));
            }
        }
        return joined;
    }

    private static ByteBuffer line() {
        return ByteBuffer.wrap(("x".repeat(LINE - 1) + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * How much had been sent at the end of each tick, until neither side goes on: a client is not stopped by a server
     * that has not started to read yet. What is left of the last line stays in the buffer.
     */
    private static List<Long> sendUntilStalled(SocketChannel client, ByteBuffer line, ReactorServer server)
            throws IOException, InterruptedException {
        List<Long> sent = new ArrayList<>();
        long total = 0;
        long progress = 0;
        int stalled = 0;
        while (stalled < STALLED_TICKS && sent.size() < MOST_TICKS) {
            long before = total;
            int written = -1;
            while (total < before + PER_TICK && written != 0) {
                if (!line.hasRemaining()) {
                    line.rewind();
                }
                written = client.write(line);
                total += written;
            }
            ServerStats stats = server.stats();
            long moved = total + stats.bytesRead() + stats.bytesWritten();
            stalled = moved == progress && stats.replyBytesWaiting() > 0 ? stalled + 1 : 0;
            progress = moved;
            sent.add(total);
            TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
        }
        return sent;
    }

    /**
     * Takes the replies at last, which lets the rest of the line out, and all comes back.
     *
     * @return how many milliseconds that took
     */
    private static double readAll(SocketChannel client, ByteBuffer line, long all) throws Exception {
        Stopwatch watch = new Stopwatch();
        client.configureBlocking(true);
        CompletableFuture<Integer> rest = Background.call(() -> client.write(line));
        ByteBuffer buffer = ByteBuffer.allocate(KERNEL_BUFFER);
        long got = 0;
        while (got < all) {
            int read = client.read(buffer.clear());
            if (read < 0) {
                throw new IOException("the server ended the connection");
            }
            got += read;
        }
        rest.get();
        return watch.millis();
    }
}
