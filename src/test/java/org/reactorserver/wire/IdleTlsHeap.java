package org.reactorserver.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.reactorserver.helper.TestKeys;

/**
 * A program that prints how many bytes of heap an established TLS connection takes up on the server's side while it is
 * idle, without its socket. Arguments: the protocol, and {@code mtls} if clients are to show certificates.
 */
public final class IdleTlsHeap {
    private static final int CONNECTIONS = 2_000;
    private static final int CAPACITY = 64 * 1024;

    private IdleTlsHeap() {}

    /** What is below a server's transport; once the peer is gone nothing. */
    private static final class Below implements Transport {
        private Transport raw;

        @Override
        public boolean isEstablished() {
            return true;
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            return raw.read(into);
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            return raw.write(from);
        }

        @Override
        public int interestOps(boolean reading, boolean writing) {
            return 0;
        }

        @Override
        public boolean holdsInput() {
            return false;
        }

        @Override
        public int mostUnread() {
            return 0;
        }

        @Override
        public int unsent() {
            return 0;
        }

        @Override
        public boolean endOutput() {
            return true;
        }

        @Override
        public void close(boolean cutOff) {
            raw = null;
        }
    }

    /** Measures. */
    public static void main(String[] args) throws IOException {
        boolean isMutual = args.length > 1;
        Tls keys = Tls.pem(TestKeys.certificate("server"), TestKeys.key("server"));
        LiveTls server = new LiveTls(isMutual ? keys.clientCa(TestKeys.certificate("ca")) : keys);
        ClientTls client = ClientTls.builder()
                .cacert(TestKeys.certificate("ca"))
                .certificate(TestKeys.certificate("client"), TestKeys.key("client"))
                .build();
        TlsBuffers buffers = new TlsBuffers();
        List<TlsTransport> idle = new ArrayList<>(2 * CONNECTIONS);
        open(server, client, args[0], buffers, idle, 200); // what the first ones load is not theirs
        long before = used();
        open(server, client, args[0], buffers, idle, CONNECTIONS);
        long after = used();
        System.out.printf(
                "Java %d, %s%s: %d bytes of heap for each of %d idle connections%n",
                Runtime.version().feature(),
                args[0],
                isMutual ? ", mTLS" : "",
                (after - before) / CONNECTIONS,
                CONNECTIONS);
        if (idle.size() != CONNECTIONS + 200) {
            throw new AssertionError(idle.size()); // and they are in use until here
        }
    }

    private static void open(
            LiveTls server, ClientTls client, String protocol, TlsBuffers buffers, List<TlsTransport> into, int count)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(CAPACITY);
        for (int i = 0; i < count; i++) {
            MemoryPipe pipe = new MemoryPipe(CAPACITY);
            Below below = new Below();
            below.raw = pipe.right;
            var engine = client.engine("localhost", 1);
            engine.setEnabledProtocols(new String[] {protocol});
            TlsTransport here = new TlsTransport(below, server.engine(), buffers, Runnable::run, () -> {});
            TlsTransport there = new TlsTransport(pipe.left, engine, buffers, Runnable::run, () -> {});
            there.read(buffer.clear());
            while (!here.isEstablished() || !there.isEstablished()) {
                here.read(buffer.clear());
                there.read(buffer.clear());
            }
            there.write(ByteBuffer.allocate(64));
            here.read(buffer.clear());
            here.write(ByteBuffer.allocate(64));
            there.read(buffer.clear());
            below.raw = null;
            into.add(here);
        }
    }

    private static long used() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 6; i++) {
            System.gc();
            least = Math.min(
                    least,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }
}
