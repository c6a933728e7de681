package org.reactorserver.helper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Clients that have each said one thing and wait for what comes. */
public final class Visitors implements AutoCloseable {
    private final List<Visitor> visitors = new ArrayList<>();

    /** One of them. */
    public static final class Visitor {
        private final SocketChannel channel;
        private final StringBuilder heard = new StringBuilder();
        private boolean ended;

        Visitor(SocketChannel channel) {
            this.channel = channel;
        }

        /** Whether it has been told a line, or has seen the end. */
        public boolean isAnswered() throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(1024);
            int count = 0;
            while (!ended && (count = channel.read(buffer.clear())) > 0) {
                heard.append(StandardCharsets.UTF_8.decode(buffer.flip()));
            }
            ended |= count < 0;
            return ended || heard.indexOf("\n") >= 0;
        }

        /** Says something more, short enough to be taken at once. */
        public void say(String words) throws IOException {
            channel.write(StandardCharsets.UTF_8.encode(words));
        }

        /** Waits until what it has heard ends so. */
        public void awaitEnding(String words) {
            Await.until(words.strip(), ChildProcess.PATIENCE, () -> {
                isAnswered();
                return ended || heard.toString().endsWith(words);
            });
        }

        public String heard() {
            return heard.toString().strip();
        }

        public boolean hasEnded() throws IOException {
            isAnswered();
            return ended;
        }

        public void close() throws IOException {
            channel.close();
            ended = true;
        }
    }

    public Visitors(int port, int count, String from, byte[] words) throws IOException {
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open();
            visitors.add(new Visitor(channel));
            channel.bind(new InetSocketAddress(from, 0));
            channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.configureBlocking(false);
            try {
                channel.write(ByteBuffer.wrap(words));
            } catch (IOException e) {
                visitors.get(i).ended = true; // turned away before it could speak
            }
        }
    }

    public static Visitors say(int port, int count, String line) throws IOException {
        return new Visitors(port, count, "127.0.0.1", (line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    public Stream<Visitor> stream() {
        return visitors.stream();
    }

    /** How many have an answer by now, or have been hung up on. */
    public int answered() {
        int count = 0;
        for (Visitor visitor : visitors) {
            try {
                count += visitor.isAnswered() ? 1 : 0;
            } catch (IOException e) { // reset
                visitor.ended = true;
                count++;
            }
        }
        return count;
    }

    /** How many have been told exactly this; the empty text is an end without a word. */
    public int told(String line) {
        return (int) visitors.stream()
                .filter(visitor -> (visitor.ended || visitor.heard.length() > 0)
                        && visitor.heard().equals(line))
                .count();
    }

    /** Waits until so many have an answer. */
    public Visitors awaitAnswers(int count) {
        Await.until(count + " answers", ChildProcess.PATIENCE, () -> answered() >= count);
        return this;
    }

    @Override
    public void close() throws IOException {
        for (Visitor visitor : visitors) {
            visitor.close();
        }
    }
}
