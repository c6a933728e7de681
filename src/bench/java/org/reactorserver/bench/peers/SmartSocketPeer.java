package org.reactorserver.bench.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.charset.StandardCharsets;
import org.smartboot.socket.MessageProcessor;
import org.smartboot.socket.NetMonitor;
import org.smartboot.socket.Protocol;
import org.smartboot.socket.transport.AioQuickServer;
import org.smartboot.socket.transport.AioSession;

/**
 * smart-socket with two threads ({@code threads2}), its smallest setting: the handler runs on the
 * thread that read, so there is no hand-off. It flushes the replies to one read together by itself.
 */
public final class SmartSocketPeer {

    private SmartSocketPeer() {}

    public static void main(String[] args) throws Exception {
        Peer peer = Peer.parse(args);
        if (!peer.variant.equals("threads2")) {
            throw peer.unknownVariant("threads2");
        }
        Protocol<String> lines = (buffer, session) -> nextLine(buffer);
        AioQuickServer server =
                new AioQuickServer(peer.address.getHostString(), peer.address.getPort(), lines, new Echo());
        server.setBannerEnabled(false);
        server.setWriteBuffer(4096, 16); // its default of 128 bytes splits a batch of replies
        server.setThreadNum(2);
        server.setBacklog(Peer.BACKLOG);
        server.setReadBufferSize(peer.maxFrame + 1); // a frame must fit whole, with its delimiter
        server.start();
        peer.listening();
    }

    /** The next line, or null and nothing consumed. */
    private static String nextLine(ByteBuffer buffer) {
        for (int i = buffer.position(); i < buffer.limit(); i++) {
            if (buffer.get(i) == '\n') {
                byte[] line = new byte[i - buffer.position()];
                buffer.get(line);
                buffer.get();
                return new String(line, StandardCharsets.UTF_8);
            }
        }
        return null;
    }

    /**
     * A monitor only because nothing else is shown the accepted channel: its options are set there.
     */
    private static final class Echo implements MessageProcessor<String>, NetMonitor {

        @Override
        public void process(AioSession session, String line) {
            try {
                session.writeBuffer().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public AsynchronousSocketChannel shouldAccept(AsynchronousSocketChannel channel) {
            try {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return channel;
        }

        @Override
        public void beforeRead(AioSession session) {}

        @Override
        public void afterRead(AioSession session, int size) {}

        @Override
        public void beforeWrite(AioSession session) {}

        @Override
        public void afterWrite(AioSession session, int size) {}
    }
}
