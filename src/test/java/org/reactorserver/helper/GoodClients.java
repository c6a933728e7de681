package org.reactorserver.helper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/** A hundred clients who ask ten times a second, read the reply, and note how long it took. */
public final class GoodClients {
    private static final int CLIENTS = 100;
    private static final long PAUSE_MILLIS = 100;

    /** What they found. */
    public record Experience(long answered, int failed, double p50Millis, double p99Millis) {
        @Override
        public String toString() {
            return "%d answered, %d failed, p50 %.2f ms, p99 %.2f ms".formatted(answered, failed, p50Millis, p99Millis);
        }
    }

    private GoodClients() {}

    /** Uses the server for so long. */
    public static Experience use(int port, Duration time) throws InterruptedException {
        Histogram nanos = new SynchronizedHistogram(3);
        AtomicInteger failed = new AtomicInteger();
        long end = System.nanoTime() + time.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Thread thread = new Thread(() -> {
                try {
                    use(port, end, nanos);
                } catch (IOException | InterruptedException e) {
                    failed.incrementAndGet();
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return new Experience(
                nanos.getTotalCount(),
                failed.get(),
                nanos.getValueAtPercentile(50) / 1e6,
                nanos.getValueAtPercentile(99) / 1e6);
    }

    private static void use(int port, long end, Histogram nanos) throws IOException, InterruptedException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) ChildProcess.PATIENCE.toMillis());
            socket.setTcpNoDelay(true);
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            while (System.nanoTime() < end) {
                long began = System.nanoTime();
                socket.getOutputStream().write("good\n".getBytes(UTF_8));
                if (!"good".equals(in.readLine())) {
                    throw new IOException("no reply");
                }
                nanos.recordValue(System.nanoTime() - began);
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    /** Asks once, on a connection of its own. Returns whether the answer is right. */
    public static boolean isServed(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) ChildProcess.PATIENCE.toMillis());
            socket.getOutputStream().write("good\n".getBytes(UTF_8));
            return "good".equals(new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine());
        } catch (IOException e) {
            return false;
        }
    }
}
