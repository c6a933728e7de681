package org.reactorserver;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
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
     * The address at which the client has reached this machine: of several that a server listens at, or of a machine that
     * has several, the one. What a proxy has connected to, if there is one. Null when the connection is closed.
     */
    SocketAddress localAddress();

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
     * Whether no more waits for the client than the high-water mark ({@link ReactorServer.Builder#highWater}): a
     * handler that sends much should stop while this is false. Then {@link SessionHandler#onWritable} is called as soon
     * as half of that has room again.
     */
    boolean isWritable();

    /** How many bytes of heap the messages take up that wait for the client: each one's length, and 32 for each. */
    long pending();

    /**
     * Sends these texts one after the other as the client reads them, however many they are. Returns at once: the
     * iterator is asked on a worker, in the session's order, up to the high-water mark, and again when half of that has
     * room. Until its end the session is held ({@link #hold}) and no further message of it is handled or read; what
     * others send meanwhile may come in between. A source given while an earlier one is sent comes after that.
     *
     * <p>If the iterator throws, or gives what the framing cannot carry, the session ends as if its handler had failed.
     *
     * @return completed on the worker, before the next message is handled: with whether all were sent, which is false if
     *     the session ended first; exceptionally with what the iterator threw
     */
    CompletionStage<Boolean> sendAll(Iterator<String> texts);

    /** The same with a stream, which is closed when all is sent, or nothing more can be. */
    CompletionStage<Boolean> sendAll(Stream<String> texts);

    /** As {@link #sendAll(Iterator)}, with bytes; each array is copied. */
    CompletionStage<Boolean> sendAllBytes(Iterator<byte[]> messages);

    /** As {@link #sendAll(Stream)}, with bytes. */
    CompletionStage<Boolean> sendAllBytes(Stream<byte[]> messages);

    /**
     * No message of the session is handled any more, but for the one that is, and, soon, none is read, until {@link
     * #resumeReading}. TCP slows the client down then, and neither the end of its stream nor that it has vanished is
     * seen, unless something is sent. A session that is paused is not idle, and a drain waits for it. Twice is the same
     * as once.
     */
    void pauseReading();

    /** Messages are read and handled again; if they were anyway, nothing. */
    void resumeReading();

    /**
     * Ends the session once what was sent before has been written. Messages of the client that wait to
     * be handled are dropped. Closing twice does nothing.
     */
    void close();

    /**
     * The same, with a reason for people: it stands in the transcript, and {@link #closedFor} returns it.
     *
     * @param why not null; if the session is being ended already, it means nothing
     */
    void close(String why);

    /** What {@link #close(String)} was given; null if it was not called. */
    String closedFor();

    /**
     * Has something done later, on a worker, in the session's order: no call of its handler is going on then. Nothing
     * is done when the session has ended before. If it throws, the session ends as if its handler had failed.
     *
     * @param delay from now, rounded up to milliseconds; zero is soon
     * @throws IllegalArgumentException if the delay is negative
     */
    Scheduled schedule(Duration delay, Runnable task);

    /** Something that is to be done later. Any thread. */
    interface Scheduled {
        /** It is not to be done. When this is called on a worker for the session, it is not, unless it has been. */
        void cancel();

        /** Whether {@link #cancel} was called. */
        boolean isCancelled();
    }

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

    /**
     * The same, as what it is; null if there is none.
     *
     * @throws ClassCastException if it is something else
     */
    default <T> T attachment(Class<T> type) {
        Objects.requireNonNull(type, "attachment(null): expected a class, or attachment() without one");
        Object attached = attachment();
        if (attached != null && !type.isInstance(attached)) {
            throw new ClassCastException("attachment(%s): session %d has a %s attached"
                    .formatted(type.getSimpleName(), id(), attached.getClass().getName()));
        }
        return type.cast(attached);
    }

    /** Keeps an object of the application's with the session, in place of the one before; null for none. */
    void attach(Object attachment);
}
