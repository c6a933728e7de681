package org.reactorserver.load.protocol;

import java.util.List;

/**
 * What the reply to a message is to be. Immutable; any thread.
 *
 * @param end where it ends; null if only the expected bytes tell, which {@code exact} has then
 * @param checks all must hold
 * @param exact the reply, byte by byte; null if {@code end} tells where it ends
 */
record Expectation(ReplyEnd end, List<Check> checks, Text exact) {
    /** There is no reply. */
    static final Expectation NONE = new Expectation(ReplyEnd.NONE, List.of(), null);

    boolean isNone() {
        return end == ReplyEnd.NONE;
    }
}
