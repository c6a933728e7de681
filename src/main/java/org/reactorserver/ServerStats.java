package org.reactorserver;

import java.util.Map;

/**
 * The server's counters at one time. All count from the start, but for {@code open}, {@code waiting} and
 * {@code replyBytesWaiting}, which tell what is.
 *
 * @param accepted connections that were admitted
 * @param refused connections that were turned away
 * @param acceptFailures how often {@code accept()} failed
 * @param open sessions that are open, those that wait for their turn included
 * @param waiting sessions that wait for their turn
 * @param bytesRead bytes read
 * @param bytesWritten bytes written
 * @param messagesRead messages decoded
 * @param messagesHandled messages that the handler has been given, whatever it made of them
 * @param messagesDropped messages decoded and never handled, because their session was ended first
 * @param repliesWritten messages to clients whose last byte was written
 * @param repliesDropped messages to clients that were queued and could not be written
 * @param replyBytesWaiting bytes queued for clients that do not take them at the moment
 * @param closed how many sessions ended for each reason; every reason is a key
 */
public record ServerStats(
        long accepted,
        long refused,
        long acceptFailures,
        int open,
        int waiting,
        long bytesRead,
        long bytesWritten,
        long messagesRead,
        long messagesHandled,
        long messagesDropped,
        long repliesWritten,
        long repliesDropped,
        long replyBytesWaiting,
        Map<CloseReason, Long> closed) {}
