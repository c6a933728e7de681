package org.reactorserver.helper;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Many clients that only listen, on one thread, and one that talks, by lines {@code m NUMBER} in line framing, each of which
 * goes to all. It counts what each has heard, in which order, and when the last one had heard it. Who is disconnected
 * connects again, to the same port unless {@link #onLoss} has said where. Several crowds may listen to one talker.
 */
public final class Crowd implements AutoCloseable {
    private static final int MOST_MESSAGES = 100_000;

    private final Selector selector = Selector.open();
    private final List<Member> members = new ArrayList<>();
    private final Thread thread = new Thread(this::listen, "crowd");
    private final long[] said = new long[MOST_MESSAGES]; // when, by number
    private final AtomicLongArray lastHeard = new AtomicLongArray(MOST_MESSAGES); // when
    private final AtomicIntegerArray heardBy = new AtomicIntegerArray(MOST_MESSAGES); // how many
    private final AtomicLong reconnects = new AtomicLong();
    private final AtomicLong missed = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong(); // twice, or in another order
    private volatile int[] refuges; // null: the ports where they were
    private volatile boolean closed;
    private int number = -1; // of the last message

    /** One of the clients; the crowd's thread, once that runs. */
    private final class Member {
        private final int index;
        private final int port;
        private SocketChannel channel;
        private long last = -1; // number heard; before the first one nothing counts as missed
        private int digits = -1; // what is read of a number; −1 between numbers

        Member(int index, int port) throws IOException {
            this.index = index;
            this.port = port;
            connect(port);
        }

        private void connect(int to) throws IOException {
            channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", to));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        void read(ByteBuffer buffer) throws IOException {
            buffer.clear();
            int count;
            try {
                count = channel.read(buffer);
            } catch (IOException e) {
                count = -1;
            }
            if (count < 0) {
                channel.close();
                lose();
                return;
            }
            long now = System.nanoTime();
            for (int i = 0; i < count; i++) {
                byte each = buffer.get(i);
                if (each >= '0' && each <= '9') {
                    digits = Math.max(digits, 0) * 10 + each - '0';
                } else if (digits >= 0) {
                    hear(digits, now);
                    digits = -1;
                }
            }
        }

        private void lose() throws IOException {
            digits = -1;
            int[] to = refuges;
            if (to == null || to.length > 0) {
                reconnects.incrementAndGet();
                connect(to == null ? port : to[index % to.length]);
            }
        }

        private void hear(int message, long now) {
            if (last >= 0 && message > last + 1) {
                missed.addAndGet(message - last - 1);
            } else if (message <= last) {
                wrong.incrementAndGet();
            }
            last = message;
            lastHeard.set(message, now);
            heardBy.incrementAndGet(message);
        }
    }

    /** So many members, spread over these ports of this machine, the talker at the first one. */
    public Crowd(int count, int... ports) throws IOException {
        for (int i = 0; i < count; i++) {
            members.add(new Member(i, ports[i % ports.length]));
        }
        thread.setDaemon(true);
        thread.start();
    }

    private void listen() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
        try {
            while (!closed) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    ((Member) key.attachment()).read(buffer);
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            throw new AssertionError("a member of the crowd cannot connect", e);
        }
    }

    /** A client that talks, and does not listen. */
    public Talker talker(int port) throws IOException {
        return new Talker(port);
    }

    /** One at a time. */
    public final class Talker implements AutoCloseable {
        private final SocketChannel channel;
        private final ByteBuffer heard = ByteBuffer.allocate(64 * 1024);

        private Talker(int port) throws IOException {
            channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
            channel.configureBlocking(false);
        }

        /** Says the next number. Returns it. */
        public int say() throws IOException {
            heard.clear();
            channel.read(heard); // what it hears itself is of no use, and is not to pile up
            said[++number] = System.nanoTime();
            ByteBuffer line = ByteBuffer.wrap(("m " + number + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                channel.write(line);
            }
            return number;
        }

        /** So many, evenly, so many a second. */
        public void say(int count, int aSecond) throws IOException, InterruptedException {
            long began = System.nanoTime();
            for (int i = 0; i < count; i++) {
                long wait = began + i * 1_000_000_000L / aSecond - System.nanoTime();
                if (wait > 0) {
                    Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
                }
                say();
            }
        }

        /**
         * Says something again and again until all of these hear it: all instances have found each other. Returns its
         * number.
         */
        public int sayUntilHeard(Crowd... by) {
            Await.until("all hear what is said", ChildProcess.PATIENCE, () -> {
                int last = say();
                Thread.sleep(100);
                return Arrays.stream(by).allMatch(each -> each.heardBy.get(last) == each.size());
            });
            return number;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** Who is disconnected from now on connects to these ports instead; where none is given, to none. */
    public void onLoss(int... ports) {
        refuges = ports;
    }

    /** Waits until all have heard this one, which was said last. */
    public void awaitHeard(int message) {
        Await.until(
                "all have heard message " + message,
                ChildProcess.PATIENCE,
                () -> heardBy.get(message) == members.size());
    }

    /** How many of these messages all members have heard. */
    public long heardByAll(int first, int last) {
        return heardBy(members.size(), first, last);
    }

    /** Fails unless each member has heard each of these messages, once and in order, on one connection. */
    public void assertHeardByAll(int first, int last) {
        String others = IntStream.rangeClosed(first, last)
                .filter(message -> heardBy.get(message) != members.size())
                .mapToObj(message -> "message %d was heard %d times".formatted(message - first, heardBy.get(message)))
                .collect(Collectors.joining(", "));
        long trouble = missed.get() + wrong.get() + reconnects.get();
        if (!others.isEmpty() || trouble > 0) {
            throw new AssertionError("of %d messages to %d members: %s; %d missed, %d twice or late, %d reconnects"
                    .formatted(last - first + 1, size(), others, missed.get(), wrong.get(), reconnects.get()));
        }
    }

    /** How many of these messages no member has heard. */
    public long heardByNone(int first, int last) {
        return heardBy(0, first, last);
    }

    private long heardBy(int count, int first, int last) {
        return IntStream.rangeClosed(first, last)
                .filter(message -> heardBy.get(message) == count)
                .count();
    }

    /** From saying a message to the last one's hearing it, at this rank of those from the first number to the last. */
    public long nanosToTheLast(double rank, int first, int last) {
        long[] times = new long[last - first + 1];
        for (int i = 0; i < times.length; i++) {
            times[i] = lastHeard.get(first + i) - said[first + i];
        }
        Arrays.sort(times);
        return times[(int) Math.min(times.length - 1L, (long) Math.ceil(rank * times.length) - 1)];
    }

    public int size() {
        return members.size();
    }

    public long reconnects() {
        return reconnects.get();
    }

    /** Messages that members did not hear, though they heard one before and one after it. */
    public long missed() {
        return missed.get();
    }

    /** Messages that were heard twice, or behind later ones. */
    public long wrong() {
        return wrong.get();
    }

    @Override
    public void close() throws IOException {
        leave();
    }

    /** All disconnect; twice is the same as once. */
    public void leave() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Member member : members) {
            member.channel.close();
        }
        selector.close();
    }
}
