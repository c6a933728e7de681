package org.reactorserver.load;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Everything that a run writes down: what became of each message, how long it took, what went wrong and
 * when. Loop only, until it has ended.
 */
final class Books {
    final Recorder recorder = new Recorder();
    final Ledger ledger = new Ledger();
    final Errors errors = new Errors();
    final Stalls stalls = new Stalls();
    final Span span = new Span();

    /** Messages that were sent and have no reply yet, on all connections. */
    long outstanding;

    /** Knows when messages were meant to be sent; null in the closed model. */
    Pacer pacer;

    private final LoadPlan plan;
    private final LongSupplier clock;

    Books(LoadPlan plan, LongSupplier clock) {
        this.plan = plan;
        this.clock = clock;
        recorder.slice.begin(Slice.Phase.CONNECTING, clock.getAsLong());
    }

    /**
     * Messages are sent.
     *
     * @param first the number of the first of them on its connection
     * @param wasBlocked whether they are late because the server did not read
     * @return how many of them are measured
     */
    int sent(LoadConnection connection, long first, int count, long now, boolean wasBlocked) {
        ledger.sent += count;
        outstanding += count;
        recorder.slice.sent += count;
        int measured = 0;
        if (pacer == null) {
            measured = recorder.slice.phase == Slice.Phase.MEASURED ? count : 0;
        } else {
            for (int i = 0; i < count; i++) {
                long intended = pacer.intended(connection, first + i);
                measured += intended - span.start >= 0 ? 1 : 0;
                if (!wasBlocked) {
                    recorder.slice.lag.record(now - intended);
                }
            }
        }
        span.sent += measured;
        return measured;
    }

    /** The right reply, in time or late. */
    void replied(LoadConnection connection, long seq, long sentAt, long now) {
        long service = now - sentAt;
        if (service > plan.timeoutNanos) {
            ledger.late++;
            if (connection.outstanding.isFirstWaitedFor()) { // nobody has looked since it is late
                error(ErrorKind.REPLY_TIMEOUT, () -> connection.place(seq));
            }
        } else {
            ledger.matched++;
        }
        Slice slice = recorder.slice;
        slice.answered++;
        span.lastReply = now;
        if (pacer == null) {
            boolean measured = span.from != 0 && sentAt - span.from >= 0;
            (measured ? slice.service : slice.warmUp).record(service);
            return;
        }
        long intended = pacer.intended(connection, seq);
        if (intended - span.start >= 0) {
            slice.service.record(service);
            slice.response.record(now - intended);
        } else {
            slice.warmUp.record(service);
        }
    }

    /** Something went wrong; the sample is asked for if it is the first of its kind. */
    void error(ErrorKind kind, Supplier<String> sample) {
        errors.add(kind, clock.getAsLong(), sample);
        recorder.slice.errors++;
    }

    /** Ends a slice of time and begins another. */
    void turn(long now, Slice.Phase next, int connections) {
        recorder.slice.connections = connections;
        recorder.slice.outstanding = outstanding;
        recorder.turn(now, next);
    }
}
