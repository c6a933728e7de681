package org.reactorserver.bench.peers;

import java.nio.charset.StandardCharsets;
import org.apache.mina.core.service.IoHandlerAdapter;
import org.apache.mina.core.session.IoEventType;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.filter.codec.ProtocolCodecFilter;
import org.apache.mina.filter.codec.textline.LineDelimiter;
import org.apache.mina.filter.codec.textline.TextLineCodecFactory;
import org.apache.mina.filter.executor.ExecutorFilter;
import org.apache.mina.transport.socket.nio.NioSocketAcceptor;

/**
 * Apache MINA 2.2 in our shape ({@code executor2}): one I/O processor, its text line codec, and an
 * ordered pool of two threads for the handler. Only received messages go through the pool; the
 * other events have no handler to run.
 */
public final class MinaPeer {

    private MinaPeer() {}

    public static void main(String[] args) throws Exception {
        Peer peer = Peer.parse(args);
        if (!peer.variant.equals("executor2")) {
            throw peer.unknownVariant("executor2");
        }
        TextLineCodecFactory lines =
                new TextLineCodecFactory(StandardCharsets.UTF_8, LineDelimiter.UNIX, LineDelimiter.UNIX);
        lines.setDecoderMaxLineLength(peer.maxFrame);
        lines.setEncoderMaxLineLength(peer.maxFrame);

        NioSocketAcceptor acceptor = new NioSocketAcceptor(1);
        acceptor.setReuseAddress(true);
        acceptor.setBacklog(Peer.BACKLOG);
        acceptor.getSessionConfig().setTcpNoDelay(true);
        acceptor.getFilterChain().addLast("lines", new ProtocolCodecFilter(lines));
        acceptor.getFilterChain().addLast("workers", new ExecutorFilter(2, 2, IoEventType.MESSAGE_RECEIVED));
        acceptor.setHandler(new IoHandlerAdapter() {
            @Override
            public void messageReceived(IoSession session, Object line) {
                session.write(line);
            }

            @Override
            public void exceptionCaught(IoSession session, Throwable cause) {
                session.closeNow();
            }
        });
        acceptor.bind(peer.address);
        peer.listening();
    }
}
