package org.reactorserver;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.reactorserver.wire.TlsSession;

/** One client, from its connection to its end. All methods may be called from any thread. */
public interface Session {

    /** A number that no other session of this server has: 1, 2, 3 … in order of arrival. */
    long id();

    /**
     * The client's address and port; never resolved to a name. Still there when the session is closed. Null for a
     * connection without an IP address; then there is {@link #remoteAddress}.
     */
    InetSocketAddress peer();

    /** The client's address, of whatever kind; for a TCP connection the same as {@link #peer}. */
    SocketAddress remoteAddress();

    /**
     * What was agreed on by TLS: protocol, cipher, the peer's certificate, the name that it asked for. Null if the
     * client does not speak TLS.
     */
    TlsSession tls();

    /**
     * Queues a message for the client and returns at once; the selector thread writes it. What one
     * thread sends leaves in the order of the calls.
     *
     * <p>If more waits for the client than a session may hold ({@link
     * ReactorServer.Builder#outboxLimit}), the message is not taken and the session is ended.
     *
     * @return whether the message was taken; false once the session has ended or is being ended
     * @throws IllegalArgumentException if the text cannot be one message of the framing in force (a
     *     line feed, in line framing)
     */
    boolean send(String text);

    /**
     * The same with bytes, which are copied.
     *
     * @throws IllegalArgumentException if they cannot be one message of the framing in force
     */
    boolean send(byte[] message);

    /**
     * Ends the session once what was sent before has been written. Messages of the client that wait to
     * be handled are dropped. Closing twice does nothing.
     */
    void close();

    /**
     * Says that a request is going to be answered later, from any thread. Until the hold is released the session is
     * not taken for idle, and neither a peer that has ended its stream nor a shutdown ends it; so the reply gets
     * there. A session with as many of them as it may have ({@link
     * org.reactorserver.option.Options#MAX_HELD_PER_SESSION}) is not read. Replies that come late without a hold are
     * sent if the session is still there then.
     *
     * <p>To be called by the handler, before it returns. An {@link AsyncHandler} needs none.
     */
    Hold hold();

    /** A request that is going to be answered later. Any thread. */
    interface Hold extends AutoCloseable {
        /** It is answered, or never will be; to be called after the reply was sent. A second call does nothing. */
        void release();

        /** The same as {@link #release}. */
        @Override
        default void close() {
            release();
        }
    }

    /** What {@link #attach} was given last, or null. */
    Object attachment();

    /** Keeps an object of the application's with the session. */
    void attach(Object attachment);
}
