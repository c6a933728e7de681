package org.reactorserver;

import java.util.List;

/**
 * Sessions that are sent to together, by name: {@link ReactorServer#group}. A group is there while it has members; one
 * without costs nothing. A session leaves all its groups when it ends, before its {@link SessionHandler#onClose}. Any
 * thread.
 */
public interface Group {

    /** Its name. */
    String name();

    /**
     * From here on the session is a member; if it is one already, nothing happens.
     *
     * @return whether it is one now: false if it has ended
     * @throws IllegalArgumentException if the session is not one of this server's
     */
    boolean join(Session session);

    /**
     * From here on the session is no member: what is sent later does not get to it.
     *
     * @return whether it was one
     */
    boolean leave(Session session);

    /** How many members there are. */
    int size();

    /** The members, as they are now; a copy. */
    List<Session> members();

    /**
     * Sends a text to every member and returns at once. It is made into bytes once for all. All members get what is
     * sent to a group in the same order, from whichever thread it is sent. What waits for a member counts as a reply of
     * its own, though the bytes are there only once.
     *
     * <p>A member for which more than {@link ReactorServer.Builder#outboxLimit} would wait is ended, as by {@link
     * Session#send}, unless slow ones are to be skipped.
     *
     * @return how many members it was taken for
     * @throws IllegalArgumentException if the text cannot be one message of the framing in force
     */
    int send(String text);

    /** The same with bytes, which are copied once. */
    int send(byte[] message);

    /**
     * The same group; but what is sent through the object that is returned skips members for which more than the
     * high-water mark waits ({@link Session#isWritable} is false). It is counted: {@link ServerStats#messagesSkipped}.
     */
    Group skippingSlow();
}
