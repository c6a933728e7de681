package org.reactorserver.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server that sends back what it gets, over TLS, for the sake of other programs' clients. */
final class TlsEcho implements AutoCloseable {
    private static final String HTTP = "GET ";
    private static final byte[] OK =
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n".getBytes(StandardCharsets.US_ASCII);
    private static final long PATIENCE_SECONDS = 60;

    private final LiveTls tls;
    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final TlsBuffers buffers = new TlsBuffers();
    private final ExecutorService tasks = TlsThreads.pool();
    private final Queue<Visitor> resumed = new ConcurrentLinkedQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    private final BlockingQueue<TlsSession> sessions = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::run, "echo");

    TlsEcho(Tls tls) throws IOException {
        this.tls = new LiveTls(tls);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        thread.start();
    }

    int port() {
        return listener.socket().getLocalPort();
    }

    /** How the next connection ended: the constant's name, of an exception its kind's name, and its message. */
    String awaitEnd() {
        return await(ends);
    }

    /** What the next one agreed on. */
    TlsSession awaitSession() {
        return await(sessions);
    }

    private static <T> T await(BlockingQueue<T> queue) {
        try {
            T found = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (found == null) {
                throw new AssertionError("nothing within " + PATIENCE_SECONDS + " s");
            }
            return found;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void run() {
        try {
            while (listener.isOpen()) {
                selector.select(key -> {
                    if (key.isAcceptable()) {
                        accept();
                    } else {
                        ((Visitor) key.attachment()).go((key.readyOps() & SelectionKey.OP_READ) != 0);
                    }
                });
                Visitor visitor;
                while ((visitor = resumed.poll()) != null) {
                    visitor.go(false);
                }
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        try {
            SocketChannel channel = listener.accept();
            channel.configureBlocking(false);
            Visitor visitor = new Visitor(channel);
            visitor.key = channel.register(selector, SelectionKey.OP_READ, visitor);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Visitor {
        private final TlsTransport transport;
        private SelectionKey key;
        private byte[] unsent = {};
        private boolean isKnown;
        private boolean ended;

        Visitor(SocketChannel channel) throws IOException {
            transport = new TlsTransport(new PlainTransport(channel), tls.engine(), buffers, tasks, () -> {
                resumed.add(this);
                selector.wakeup();
            });
        }

        void go(boolean readable) {
            try {
                if (!key.isValid()) {
                    return;
                }
                boolean reads = readable;
                while (!ended && (reads || transport.holdsInput())) {
                    reads = false;
                    read();
                }
                write();
                if (ended && unsent.length == 0 && transport.endOutput()) {
                    ends.add(transport.end().name());
                    transport.close(false);
                } else {
                    key.interestOps(transport.interestOps(!ended, unsent.length > 0));
                }
            } catch (IOException e) {
                ends.add((e instanceof TlsException tlsFailure ? tlsFailure.kind() + " " : "") + e.getMessage());
                close();
            }
        }

        private void close() {
            try {
                transport.close(false);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void read() throws IOException {
            int count = transport.read(buffer.clear());
            if (transport.isEstablished() && !isKnown) {
                isKnown = true;
                sessions.add(transport.tls());
            }
            ended = count < 0;
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(unsent);
            byte[] bytes = new byte[buffer.flip().remaining()];
            buffer.get(bytes);
            boolean isHttp = new String(bytes, StandardCharsets.ISO_8859_1).startsWith(HTTP);
            all.writeBytes(isHttp ? OK : bytes);
            unsent = all.toByteArray();
        }

        private void write() throws IOException {
            if (unsent.length > 0 || transport.holdsOutput()) {
                ByteBuffer from = ByteBuffer.wrap(unsent);
                transport.write(from);
                unsent = new byte[from.remaining()];
                from.get(unsent);
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        selector.wakeup();
        tasks.shutdown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
