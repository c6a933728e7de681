package org.reactorserver.engine;

import org.reactorserver.CloseReason;
import org.reactorserver.PauseReason;
import org.reactorserver.Session;
import org.reactorserver.SessionFacts;
import org.reactorserver.SessionState;

/** What a connection's parts say at one time. */
record Facts(
        Session session,
        SessionState state,
        PauseReason pause,
        CloseReason ending,
        long sinceNanos,
        long blockedNanos,
        long requestBytes,
        long messageBytes,
        long replyBytes,
        int held)
        implements SessionFacts {

    /** Loop: as it is now. */
    static Facts of(Parts parts) {
        return new Facts(
                parts.session,
                parts.life.state(),
                parts.pause(),
                parts.life.reason(),
                parts.now() - parts.life.since(),
                parts.output.isBlocked() ? parts.now() - parts.output.since() : 0,
                parts.input.cost() + parts.transport.heapBytes(),
                parts.session.lane.weight(),
                parts.session.outbox.cost(),
                parts.session.held());
    }
}
