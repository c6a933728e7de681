package org.reactorserver;

import java.time.Duration;

/**
 * The outcome of a shutdown. Made by the server; facts may be added, so it is not for others to implement. Its text
 * is one line for a person.
 */
public interface DrainReport {

    /** How many sessions were open when the drain began. */
    int sessions();

    /** How many messages to clients were still written. */
    long repliesFlushed();

    /** How many messages had been decoded and were never given to the handler. */
    long messagesDropped();

    /** How many messages to clients were queued and could not be written. */
    long repliesDropped();

    /** How many requests were held for a later reply when it was over, see {@link Session#hold}. */
    int unanswered();

    /** How many sessions were cut off at the deadline. */
    int forced();

    /** How many handlers were still running when it was over; their sessions get onClose when they return. */
    int running();

    /** How long it took. */
    Duration took();

    /** Whether nothing was lost. */
    default boolean isClean() {
        return messagesDropped() == 0 && repliesDropped() == 0 && unanswered() == 0 && forced() == 0;
    }
}
