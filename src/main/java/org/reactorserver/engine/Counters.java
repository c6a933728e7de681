package org.reactorserver.engine;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.reactorserver.CloseReason;
import org.reactorserver.ServerStats;

/** What is counted while the server runs. Any thread. */
final class Counters {
    final LongAdder accepted = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder acceptFailures = new LongAdder();
    final LongAdder bytesRead = new LongAdder();
    final LongAdder bytesWritten = new LongAdder();
    final LongAdder messagesRead = new LongAdder();
    final LongAdder messagesHandled = new LongAdder();
    final LongAdder messagesDropped = new LongAdder();
    final LongAdder repliesWritten = new LongAdder();
    final LongAdder repliesDropped = new LongAdder();
    private final Map<CloseReason, LongAdder> closed = new EnumMap<>(CloseReason.class);

    // what is, not what was; written by the loop
    volatile int open;
    volatile int waiting;
    volatile long replyBytesWaiting;

    Counters() {
        for (CloseReason reason : CloseReason.values()) {
            closed.put(reason, new LongAdder());
        }
    }

    void closed(CloseReason reason) {
        closed.get(reason).increment();
    }

    ServerStats snapshot() {
        Map<CloseReason, Long> reasons = new EnumMap<>(CloseReason.class);
        closed.forEach((reason, count) -> reasons.put(reason, count.sum()));
        return new ServerStats(
                accepted.sum(),
                refused.sum(),
                acceptFailures.sum(),
                open,
                waiting,
                bytesRead.sum(),
                bytesWritten.sum(),
                messagesRead.sum(),
                messagesHandled.sum(),
                messagesDropped.sum(),
                repliesWritten.sum(),
                repliesDropped.sum(),
                replyBytesWaiting,
                reasons);
    }
}
