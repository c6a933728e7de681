package org.reactorserver.load.measure;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Everything that a run writes down: what became of each message, how long it took, what went wrong and
 * when. Loop only, until it has ended.
 */
public final class Books {
    public final Recorder recorder = new Recorder();
    public final Ledger ledger = new Ledger();
    public final Errors errors = new Errors();
    public final Stalls stalls = new Stalls();
    public final Span span = new Span();

    /** So many messages without a reply are enough: until some are answered, none is sent. */
    public static final long MOST_OUTSTANDING = 4_000_000;

    public final Samples connectTimes = new Samples();

    /** Connections that are open. */
    public int open;

    /** Messages that were sent and have no reply yet, on all connections. */
    public long outstanding;

    /** When messages are meant to be sent; null in the closed model. */
    public Schedule schedule;

    private final long timeout;
    private final LongSupplier clock;

    /**
     * Begins.
     *
     * @param timeout a reply that takes longer is late
     */
    public Books(long timeout, LongSupplier clock) {
        this.timeout = timeout;
        this.clock = clock;
        recorder.slice.begin(Slice.Phase.CONNECTING, clock.getAsLong());
    }

    /** Another connection is open. */
    public void opened(long nanos) {
        open++;
        span.opened++;
        connectTimes.record(nanos);
    }

    /** An open connection has ended, and with it what was outstanding on it. */
    public void ended(Outstanding outstanding, boolean lost) {
        open--;
        if (lost) {
            span.connectionsLost++;
        }
        ledger.lost += outstanding.count();
        this.outstanding -= outstanding.count();
    }

    /**
     * The next messages of a connection are sent.
     *
     * @param wasBlocked whether they are late because the server did not read
     * @return how many of them are measured
     */
    public int sent(Outstanding outstanding, int count, long now, boolean wasBlocked) {
        long first = outstanding.next();
        outstanding.add(count, now);
        ledger.sent += count;
        this.outstanding += count;
        recorder.slice.sent += count;
        int measured = 0;
        if (schedule == null) {
            measured = recorder.slice.phase == Slice.Phase.MEASURED ? count : 0;
        } else {
            for (int i = 0; i < count; i++) {
                long intended = schedule.intended(outstanding.turn, first + i);
                measured += intended - span.start >= 0 ? 1 : 0;
                if (!wasBlocked) {
                    recorder.slice.lag.record(now - intended);
                }
            }
        }
        span.sent += measured;
        return measured;
    }

    /** The right reply to the oldest of the outstanding messages, in time or late. */
    public void replied(Outstanding outstanding, long now) {
        long seq = outstanding.first();
        record(outstanding, seq, outstanding.firstSentAt(), now);
        passed(outstanding);
    }

    private void record(Outstanding outstanding, long seq, long sentAt, long now) {
        long service = now - sentAt;
        if (service > timeout) {
            ledger.late++;
            if (outstanding.isFirstWaitedFor()) { // nobody has looked since it is late
                error(ErrorKind.REPLY_TIMEOUT, () -> outstanding.place(seq));
            }
        } else {
            ledger.matched++;
        }
        Slice slice = recorder.slice;
        slice.answered++;
        span.lastReply = now;
        if (schedule == null) {
            boolean measured = span.from != 0 && sentAt - span.from >= 0;
            (measured ? slice.service : slice.warmUp).record(service);
            return;
        }
        long intended = schedule.intended(outstanding.turn, seq);
        if (intended - span.start >= 0) {
            slice.service.record(service);
            slice.response.record(now - intended);
        } else {
            slice.warmUp.record(service);
        }
    }

    /** The oldest of the outstanding messages is outstanding no more. */
    public void passed(Outstanding outstanding) {
        outstanding.removeFirst();
        this.outstanding--;
    }

    /** Something went wrong; the sample is asked for if it is the first of its kind. */
    public void error(ErrorKind kind, Supplier<String> sample) {
        errors.add(kind, clock.getAsLong(), sample);
        recorder.slice.errors++;
    }

    /** Ends a slice of time and begins another. */
    public void turn(long now, Slice.Phase next) {
        recorder.slice.connections = open;
        recorder.slice.outstanding = outstanding;
        recorder.turn(now, next);
    }
}
