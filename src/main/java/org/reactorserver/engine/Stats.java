package org.reactorserver.engine;

import java.util.Map;
import org.reactorserver.CloseReason;
import org.reactorserver.ServerStats;

/** What the counters and the gauges say at one time. */
record Stats(
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
        long messagesSkipped,
        long requestBytesWaiting,
        long messageBytesWaiting,
        long replyBytesWaiting,
        int held,
        int lost,
        Map<CloseReason, Long> closed)
        implements ServerStats {

    /** Any thread: as it is now. */
    static Stats of(Shared shared) {
        Counters counters = shared.counters;
        return new Stats(
                counters.accepted.sum(),
                counters.refused.sum(),
                counters.acceptFailures.sum(),
                counters.open,
                counters.waiting,
                counters.bytesRead.sum(),
                counters.bytesWritten.sum(),
                counters.messagesRead.sum(),
                counters.messagesHandled.sum(),
                counters.messagesDropped.sum(),
                counters.repliesWritten.sum(),
                counters.repliesDropped.sum(),
                counters.messagesSkipped.sum(),
                shared.requests.used(),
                shared.messages.used(),
                shared.replies.used(),
                shared.held.get(),
                shared.lost.count(),
                counters.closed());
    }
}
