package org.reactorserver;

import java.net.InetSocketAddress;

/** One client, from its connection to its end. All methods may be called from any thread. */
public interface Session {

    /** A number that no other session of this server has: 1, 2, 3 … in order of arrival. */
    long id();

    /** The client's address and port; never resolved to a name. Still there when the session is closed. */
    InetSocketAddress peer();

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
     * Ends the session once what was sent before has been written. Messages of the client that wait to
     * be handled are dropped. Closing twice does nothing.
     */
    void close();

    /** What {@link #attach} was given last, or null. */
    Object attachment();

    /** Keeps an object of the application's with the session. */
    void attach(Object attachment);
}
