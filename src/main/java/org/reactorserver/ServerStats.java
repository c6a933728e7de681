package org.reactorserver;

import java.util.Map;

/**
 * The server's counters at one time. All count from the start, but for the gauges: {@code open}, {@code waiting},
 * {@code held}, {@code lost} and the bytes that wait. Made by the server; counters may be added, so it is not for
 * others to implement.
 */
public interface ServerStats {

    /** Connections that were admitted. */
    long accepted();

    /** Connections that were refused. */
    long refused();

    /** How often {@code accept()} failed. */
    long acceptFailures();

    /** Sessions that are open, those that wait for their turn included. */
    int open();

    /** Sessions that wait for their turn. */
    int waiting();

    /** Bytes read. */
    long bytesRead();

    /** Bytes written. */
    long bytesWritten();

    /** Messages decoded. */
    long messagesRead();

    /** Messages that the handler has been given, whatever came of them. */
    long messagesHandled();

    /** Messages decoded and never handled, because their session was ended first. */
    long messagesDropped();

    /** Messages to clients whose last byte was written. */
    long repliesWritten();

    /** Messages to clients that were queued and could not be written. */
    long repliesDropped();

    /** Messages to groups that members did not get, since they were slow: {@link Group#skippingSlow}. */
    long messagesSkipped();

    /** Bytes of heap that hold what is not decoded yet. */
    long requestBytesWaiting();

    /** Bytes of heap that hold messages which wait to be handled. */
    long messageBytesWaiting();

    /** Bytes of heap that hold replies which clients do not take at the moment. */
    long replyBytesWaiting();

    /** Requests that are held for a later reply, see {@link Session#hold}. */
    int held();

    /** Connections that are lost while messages of theirs wait to be handled. */
    int lost();

    /** How many sessions ended for each reason; every reason is a key. */
    Map<CloseReason, Long> closed();
}
