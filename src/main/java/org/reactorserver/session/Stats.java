package org.reactorserver.session;

import java.util.EnumMap;
import java.util.Map;
import org.reactorserver.CloseReason;
import org.reactorserver.ServerStats;

/** What the counters and the gauges say at one time. */
public record Stats(
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

    /** One line for a person; of the reasons only those that there were. */
    @Override
    public String toString() {
        Map<CloseReason, Long> ended = new EnumMap<>(closed);
        ended.values().removeIf(count -> count == 0);
        return ("%d accepted, %d refused, %d open, %d waiting; %d messages and %d bytes read, %d handled, %d dropped;"
                        + " %d replies and %d bytes written, %d dropped; waiting: %d B undecoded, %d B messages,"
                        + " %d B replies, %d held, %d lost; accept failed %d times; ended: %s")
                .formatted(
                        accepted,
                        refused,
                        open,
                        waiting,
                        messagesRead,
                        bytesRead,
                        messagesHandled,
                        messagesDropped,
                        repliesWritten,
                        bytesWritten,
                        repliesDropped,
                        requestBytesWaiting,
                        messageBytesWaiting,
                        replyBytesWaiting,
                        held,
                        lost,
                        acceptFailures,
                        ended);
    }

    /** Any thread: as it is now. */
    public static Stats of(Shared shared) {
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
