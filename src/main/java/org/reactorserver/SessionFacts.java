package org.reactorserver;

/**
 * What is known of a session at one time. Made by the server; facts may be added, so it is not for others to implement.
 */
public interface SessionFacts {

    /** Whose these are. Its number is 0 as long as it arrives. */
    Session session();

    /** How far it has come. */
    SessionState state();

    /** Why it is not read; null if it is. */
    PauseReason pause();

    /** Why it is about to end; null if it is not. */
    CloseReason ending();

    /**
     * For how many nanoseconds it has been in its state; of one that is {@link SessionState#OPEN}: since bytes last
     * went in or out, or its handler was at work.
     */
    long sinceNanos();

    /** For how many nanoseconds its peer has taken none of the bytes that wait for it; 0 if none wait. */
    long blockedNanos();

    /** Bytes of heap that hold what is not decoded yet. */
    long requestBytes();

    /** Bytes of heap that hold messages which wait to be handled. */
    long messageBytes();

    /** Bytes of heap that hold replies which wait to be written. */
    long replyBytes();

    /** Requests that are held for a later reply. */
    int held();
}
