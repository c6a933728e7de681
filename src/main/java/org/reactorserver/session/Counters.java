package org.reactorserver.session;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.reactorserver.CloseReason;

/** What is counted while the server runs. Any thread, but for what a {@link LoopCounter} counts. */
public final class Counters {
    public final LongAdder accepted = new LongAdder();
    public final LongAdder refused = new LongAdder();
    public final LongAdder acceptFailures = new LongAdder();
    public final LoopCounter bytesRead = new LoopCounter();
    public final LoopCounter bytesWritten = new LoopCounter();
    public final LoopCounter messagesRead = new LoopCounter();
    public final LongAdder messagesHandled = new LongAdder();
    public final LongAdder messagesDropped = new LongAdder();
    public final LoopCounter repliesWritten = new LoopCounter();
    public final LongAdder repliesDropped = new LongAdder();
    public final LongAdder messagesSkipped = new LongAdder();
    private final Map<CloseReason, LongAdder> closed = new EnumMap<>(CloseReason.class);

    // gauges; written by the loop
    public volatile int open;
    public volatile int waiting;

    public Counters() {
        for (CloseReason reason : CloseReason.values()) {
            closed.put(reason, new LongAdder());
        }
    }

    public void closed(CloseReason reason) {
        closed.get(reason).increment();
    }

    /** How many sessions ended for each reason. */
    public Map<CloseReason, Long> closed() {
        Map<CloseReason, Long> reasons = new EnumMap<>(CloseReason.class);
        closed.forEach((reason, count) -> reasons.put(reason, count.sum()));
        return reasons;
    }
}
