package org.reactorserver.helper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A program of its own that does to the server what the first argument says, and prints figures as
 * {@code name=value}. It lasts until it is done or its standard input ends.
 */
public final class Attacker {
    private static final byte[] REQUEST = "request\n".getBytes(StandardCharsets.UTF_8);

    private final int port;
    private int opened;

    private Attacker(int port) {
        this.port = port;
    }

    /** Arguments: what to do, the port, how many, and what else it needs. */
    public static void main(String[] args) throws Exception {
        Attacker attacker = new Attacker(Integer.parseInt(args[1]));
        int count = Integer.parseInt(args[2]);
        switch (args[0]) {
            case "hold" -> attacker.hold(count);
            case "slowloris" -> attacker.slowloris(count);
            case "never-read" -> attacker.neverRead(count);
            case "reset" -> attacker.reset(count, args[3]);
            case "silent" -> attacker.silent(count);
            case "burst" -> attacker.burst(count, Integer.parseInt(args[3]));
            case "endless" -> attacker.endless(count);
            case "churn" -> attacker.churn(count);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void say(String name, long value) {
        System.out.println(name + "=" + value);
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    /** From one of many source addresses, so that the ports of one do not run out. */
    private SocketChannel connect(int buffers) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            if (buffers > 0) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, buffers);
                channel.setOption(StandardSocketOptions.SO_SNDBUF, buffers);
            }
            channel.bind(new InetSocketAddress("127.0.0." + (2 + opened++ % 16), 0));
            channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private SocketChannel connect() throws IOException {
        return connect(0);
    }

    private List<SocketChannel> connectAll(int count, int buffers) throws IOException {
        List<SocketChannel> channels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            channels.add(connect(buffers));
        }
        say("connected", channels.size());
        return channels;
    }

    /** With RST instead of FIN. */
    private static void reset(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    private static void write(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Whether the next bytes are these. */
    private static boolean reads(SocketChannel channel, byte[] expected) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(expected.length);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            // on
        }
        return ByteBuffer.wrap(expected).equals(buffer.flip());
    }

    // ---- many

    /** Opens so many and asks on all of them, once and again for each line on standard input. */
    private void hold(int count) throws IOException {
        List<SocketChannel> channels = connectAll(count, 0);
        do {
            for (SocketChannel channel : channels) {
                write(channel, REQUEST);
            }
            int answered = 0;
            for (SocketChannel channel : channels) {
                answered += reads(channel, REQUEST) ? 1 : 0;
            }
            say("answered", answered);
        } while (System.in.read() >= 0);
    }

    /** Opens so many within so many milliseconds, evenly, on four threads. */
    private void burst(int count, int millis) throws Exception {
        List<SocketChannel> channels = Collections.synchronizedList(new ArrayList<>());
        long began = System.nanoTime();
        inParallel(4, own -> {
            for (int i = 0; i < count / 4; i++) {
                while (millisSince(began) * (count / 4) < (long) i * millis) {
                    Thread.sleep(1);
                }
                channels.add(own.connect());
            }
        });
        say("millis", millisSince(began));
        int answered = 0;
        for (SocketChannel channel : channels) {
            write(channel, REQUEST);
            answered += reads(channel, REQUEST) ? 1 : 0;
        }
        say("answered", answered);
    }

    /**
     * Says nothing on any of so many, and opens each that is closed again within a second; tells how often if asked.
     */
    private void silent(int count) throws Exception {
        List<SocketChannel> channels = connectAll(count, 0);
        for (SocketChannel channel : channels) {
            channel.configureBlocking(false);
        }
        ByteBuffer reply = ByteBuffer.allocate(256);
        long again = 0;
        while (true) {
            for (int i = 0; i < count; i++) {
                if (hasEnded(channels.get(i), reply)) {
                    channels.get(i).close();
                    channels.set(i, connect());
                    channels.get(i).configureBlocking(false);
                    again++;
                }
            }
            if (System.in.available() > 0) {
                System.in.read();
                say("again", again);
            }
            Thread.sleep(1_000);
        }
    }

    private static boolean hasEnded(SocketChannel channel, ByteBuffer reply) {
        try {
            return channel.read(reply.clear()) < 0;
        } catch (IOException e) {
            return true;
        }
    }

    private interface Part {
        void run(Attacker own) throws Exception;
    }

    private void inParallel(int threads, Part part) throws InterruptedException {
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(() -> {
                try {
                    part.run(new Attacker(port));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            thread.start();
            running.add(thread);
        }
        for (Thread thread : running) {
            thread.join();
        }
    }

    // ---- slow

    /** One byte a second on each, and never an end of the line. */
    private void slowloris(int count) throws Exception {
        List<SocketChannel> channels = connectAll(count, 0);
        for (SocketChannel channel : channels) {
            channel.configureBlocking(false);
        }
        long began = System.nanoTime();
        long first = -1;
        int told = 0;
        ByteBuffer reply = ByteBuffer.allocate(256);
        for (int tick = 0; !channels.isEmpty(); tick++) {
            for (Iterator<SocketChannel> it = channels.iterator(); it.hasNext(); ) {
                SocketChannel channel = it.next();
                int got;
                try {
                    if (tick % 10 == channel.hashCode() % 10) { // not all at once
                        channel.write(ByteBuffer.wrap(new byte[] {'x'}));
                    }
                    got = channel.read(reply.clear());
                } catch (IOException e) {
                    got = -1;
                }
                if (got > 0) {
                    told++;
                } else if (got < 0) {
                    channel.close();
                    it.remove();
                    first = first < 0 ? millisSince(began) : first;
                }
            }
            Thread.sleep(100);
        }
        say("told", told);
        say("firstMillis", first);
        say("lastMillis", millisSince(began));
    }

    /** Sends requests as long as they are taken and reads no reply. */
    private void neverRead(int count) throws Exception {
        List<SocketChannel> channels = connectAll(count, 4096);
        for (SocketChannel channel : channels) {
            channel.configureBlocking(false);
        }
        ByteBuffer requests = ByteBuffer.allocate(64 * 1024);
        byte[] line = new byte[1024];
        Arrays.fill(line, (byte) 'x');
        line[line.length - 1] = '\n';
        while (requests.hasRemaining()) {
            requests.put(line);
        }
        requests.flip();
        long began = System.nanoTime();
        long first = -1;
        long bytes = 0;
        long bytesBefore = -1;
        long progress = began;
        boolean stuck = false;
        while (!channels.isEmpty()) {
            if (bytes > bytesBefore) {
                progress = System.nanoTime();
            } else if (!stuck && millisSince(progress) > 1_000) {
                stuck = true;
                say("stuckMillis", millisSince(began));
            }
            bytesBefore = bytes;
            for (Iterator<SocketChannel> it = channels.iterator(); it.hasNext(); ) {
                SocketChannel channel = it.next();
                try {
                    bytes += channel.write(requests.duplicate());
                } catch (IOException e) {
                    channel.close();
                    it.remove();
                    first = first < 0 ? millisSince(began) : first;
                }
            }
            Thread.sleep(20);
        }
        say("bytes", bytes);
        say("firstMillis", first);
        say("lastMillis", millisSince(began));
    }

    /** Sends so many MiB that are not a message, as long as they are taken. */
    private void endless(int mebibytes) throws Exception {
        long bytes = 0;
        ByteBuffer chunk = ByteBuffer.allocate(64 * 1024);
        while (chunk.hasRemaining()) {
            chunk.put((byte) 'x');
        }
        try (SocketChannel channel = connect()) {
            while (bytes < (long) mebibytes << 20) {
                bytes += channel.write(chunk.rewind());
            }
            channel.shutdownOutput();
            ByteBuffer reply = ByteBuffer.allocate(256);
            channel.read(reply);
            say("told", StandardCharsets.UTF_8.decode(reply.flip()).length());
        } catch (IOException e) {
            say("told", -1);
        }
        say("bytes", bytes);
    }

    // ---- rude

    /** So many connections, each reset in the phase of its life that is named. */
    private void reset(int count, String phase) throws Exception {
        inParallel(4, own -> {
            for (int i = 0; i < count / 4; i++) {
                own.reset(phase);
            }
        });
        say("done", count);
    }

    private void reset(String phase) throws IOException {
        SocketChannel channel = connect();
        switch (phase) {
            case "connected" -> {}
            case "half" -> write(channel, new byte[] {'x'});
            case "sent" -> write(channel, REQUEST);
            case "replying" -> {
                write(channel, "a request\n".repeat(200).getBytes(StandardCharsets.UTF_8));
                reads(channel, new byte[1]);
            }
            case "lingering" -> { // not UTF-8: it gets an error, and the server waits for its end
                write(channel, new byte[] {(byte) 0xFF, '\n'});
                while (channel.read(ByteBuffer.allocate(256)) >= 0) {
                    // on
                }
            }
            default -> throw new IllegalArgumentException(phase);
        }
        reset(channel);
    }

    // ---- all of it

    /** Everything mixed, for so many seconds: polite and rude, short and long. */
    private void churn(int seconds) throws Exception {
        AtomicLong connections = new AtomicLong();
        AtomicLong answered = new AtomicLong();
        AtomicLong failed = new AtomicLong();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        inParallel(8, own -> {
            while (System.nanoTime() < end) {
                connections.incrementAndGet();
                try {
                    answered.addAndGet(own.visit());
                } catch (IOException e) {
                    failed.incrementAndGet();
                }
            }
        });
        say("connections", connections.get());
        say("answered", answered.get());
        say("failed", failed.get());
    }

    private int visit() throws IOException {
        ThreadLocalRandom dice = ThreadLocalRandom.current();
        try (SocketChannel channel = connect()) {
            int requests = dice.nextInt(4);
            byte[] request = new byte[1 + dice.nextInt(dice.nextInt(50) == 0 ? 60_000 : 200)];
            Arrays.fill(request, (byte) 'x');
            request[request.length - 1] = '\n';
            for (int i = 0; i < requests; i++) {
                write(channel, request);
                if (!reads(channel, request)) {
                    throw new IOException("wrong reply");
                }
            }
            switch (dice.nextInt(6)) {
                case 0 -> reset(channel);
                case 1 -> write(channel, new byte[] {'h', 'a', 'l', 'f'});
                case 2 -> write(channel, new byte[] {(byte) 0xC3, '\n'});
                case 3 -> {
                    channel.shutdownOutput();
                    channel.read(ByteBuffer.allocate(16));
                }
                default -> {}
            }
            return requests;
        }
    }
}
