package org.reactorserver.engine;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.reactorserver.CloseReason;

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
    final LongAdder messagesSkipped = new LongAdder();
    private final Map<CloseReason, LongAdder> closed = new EnumMap<>(CloseReason.class);

    // gauges; written by the loop
    volatile int open;
    volatile int waiting;

    Counters() {
        for (CloseReason reason : CloseReason.values()) {
            closed.put(reason, new LongAdder());
        }
    }

    void closed(CloseReason reason) {
        closed.get(reason).increment();
    }

    /** How many sessions ended for each reason. */
    Map<CloseReason, Long> closed() {
        Map<CloseReason, Long> reasons = new EnumMap<>(CloseReason.class);
        closed.forEach((reason, count) -> reasons.put(reason, count.sum()));
        return reasons;
    }
}
