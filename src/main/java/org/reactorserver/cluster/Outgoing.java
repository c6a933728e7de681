package org.reactorserver.cluster;

import static org.reactorserver.text.Log.LOG;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.LongAdder;
import org.reactorserver.GroupBus;

/** What waits for the bus, in order, up to a limit in bytes of heap. Any thread, but for {@link #publish}. */
final class Outgoing {
    private static final int HEAP_BESIDE = 64; // array, node, reference

    private final GroupBus bus;
    private final Clockwork clockwork;
    private final long limit;
    private final Queue<Entry> queue = new ArrayDeque<>(); // guarded by this
    private long waiting; // bytes; guarded by this
    private boolean isScheduled; // guarded by this
    private volatile boolean up;

    final LongAdder published = new LongAdder();
    final LongAdder unpublished = new LongAdder();

    private record Entry(String topic, byte[] message) {
        long cost() {
            return message.length + HEAP_BESIDE;
        }
    }

    Outgoing(GroupBus bus, Clockwork clockwork, long limit) {
        this.bus = bus;
        this.clockwork = clockwork;
        this.limit = limit;
    }

    /** Whether the bus is there. */
    boolean isUp() {
        return up;
    }

    void setUp(boolean isUp) {
        up = isUp;
    }

    synchronized long waiting() {
        return waiting;
    }

    /** Whether a message of so many bytes can be put in now; what cannot is counted. */
    synchronized Sent.Elsewhere offer(String topic, Frame frame) {
        int length = Frame.length(frame.body().length);
        Sent.Elsewhere outcome = Sent.Elsewhere.QUEUED;
        if (!up) {
            outcome = Sent.Elsewhere.BUS_DOWN;
        } else if (length > bus.maxMessage()) {
            outcome = Sent.Elsewhere.TOO_LONG;
        } else if (waiting + length + HEAP_BESIDE > limit) {
            outcome = Sent.Elsewhere.QUEUE_FULL;
        }
        if (outcome == Sent.Elsewhere.QUEUED) {
            add(topic, frame);
        } else {
            unpublished.increment();
        }
        return outcome;
    }

    /** Puts it in whatever the limit: for what the instance itself has to say, of which there is little. */
    synchronized void add(String topic, Frame frame) {
        Entry entry = new Entry(topic, frame.bytes());
        queue.add(entry);
        waiting += entry.cost();
        if (!isScheduled) {
            isScheduled = true;
            clockwork.execute(this::publish);
        }
    }

    /** The bus's thread: hands over what there is. */
    void publish() {
        for (Entry entry = next(); entry != null; entry = next()) {
            (isTaken(entry) ? published : unpublished).increment();
            synchronized (this) {
                waiting -= entry.cost();
            }
        }
    }

    private boolean isTaken(Entry entry) {
        try {
            return up && bus.publish(entry.topic, entry.message);
        } catch (RuntimeException e) { // it says by false what it is to say
            LOG.debug("the bus {} failed", bus, e);
            return false;
        }
    }

    private synchronized Entry next() {
        Entry entry = queue.poll();
        isScheduled = entry != null;
        return entry;
    }
}
