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
            ByteBuffer line = line();
            List<Long> sent = sendUntilStalled(client, line, server);
            long most = sent.get(sent.size() - 1);
            for (int tick = 0; tick < sent.size(); tick++) {
                long bytes = sent.get(tick);
                screen.bar("%,d ms".formatted((tick + 1) * TICK_MILLIS), bytes, most, "%,d KiB".formatted(bytes / KIB));
            }
            ServerStats stats = server.stats();
            screen.say(
                    "pressure.stalled",
                    most / KIB,
                    stats.bytesRead() / KIB,
                    stats.replyBytesWaiting() / KIB,
                    stats.messageBytesWaiting() / KIB,
                    stats.requestBytesWaiting() / KIB);
            readAll(screen, client, line, most);
        }
        screen.say("pressure.end");
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

    /** Takes the replies at last, which lets the rest of the line out, and all comes back. */
    private static void readAll(Screen screen, SocketChannel client, ByteBuffer line, long sent) throws Exception {
        Stopwatch watch = new Stopwatch();
        client.configureBlocking(true);
        long all = sent + line.remaining();
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
        screen.say("pressure.read", got / KIB, all / KIB, watch.millis());
    }
}
