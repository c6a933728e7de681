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

    public final Samples connectTimes = new Samples();

    /** Waits for a reply that were no shorter than {@link Stalls#LEAST}, each of one connection, in the measured span. */
    public final Samples waits = new Samples();

    /** Connections that are open. */
    public int open;

    /** Messages that were sent and have no reply yet, on all connections. */
    public long outstanding;

    /** Open model: messages that are due and cannot be sent, since the server does not read. */
    public long heldBack;

    private int waiting; // connections with a message outstanding
    private final boolean byTimetable;
    private final long timeout;
    private final LongSupplier clock;

    /**
     * Begins.
     *
     * @param byTimetable whether each message is meant to be sent at a time: the open model
     * @param timeout a reply that takes longer is late
     */
    public Books(boolean byTimetable, long timeout, LongSupplier clock) {
        this.byTimetable = byTimetable;
        this.timeout = timeout;
        this.clock = clock;
        recorder.slice.begin(Slice.Phase.CONNECTING, clock.getAsLong());
    }

    /** Adds what another thread of the same run has written down; both have ended. */
    public void add(Books other) {
        ledger.add(other.ledger);
        errors.add(other.errors);
        stalls.intersect(other.stalls);
        span.add(other.span);
        connectTimes.add(other.connectTimes);
        waits.add(other.waits);
    }

    /** Another connection is open. */
    public void opened(long nanos) {
        open++;
        span.opened++;
        connectTimes.record(nanos);
    }

    /** A connection was ended on purpose, and another has taken its place. */
    public void reopened(long nanos) {
        span.reopened++;
        connectTimes.record(nanos);
    }

    /** No reply will come to what is outstanding on a connection: it has timed out, and the connection is ended. */
    public void giveUp(Outstanding outstanding) {
        ledger.unanswered += outstanding.count();
        heard(outstanding, clock.getAsLong());
        while (!outstanding.isEmpty()) {
            passed(outstanding);
        }
    }

    /** An open connection has ended, and with it what was outstanding on it. */
    public void ended(Outstanding outstanding, boolean lost) {
        open--;
        if (lost) {
            broken(outstanding);
        } else {
            lose(outstanding);
        }
    }

    /** A connection was lost, and with it what was outstanding on it; it is to be opened again. */
    public void broken(Outstanding outstanding) {
        span.connectionsLost++;
        lose(outstanding);
    }

    private void lose(Outstanding outstanding) {
        int count = outstanding.count();
        ledger.lost += count;
        heard(outstanding, clock.getAsLong());
        for (int i = 0; i < count; i++) {
            passed(outstanding);
        }
    }

    /** The last messages of a connection were taken for sent, and were not written in full. */
    public void takeBack(Outstanding outstanding, int count) {
        if (count > 0) {
            boolean wasWaiting = !outstanding.isEmpty();
            span.sent -= measured(outstanding, outstanding.next() - count, count);
            outstanding.removeLast(count);
            ledger.sent -= count;
            ledger.unwritten += count;
            this.outstanding -= count;
            waiting -= wasWaiting && outstanding.isEmpty() ? 1 : 0;
        }
    }

    /**
     * The next messages of a connection are sent.
     *
     * @param wasBlocked whether they are late because the server did not read
     * @return how many of them are measured
     */
    public int sent(Outstanding outstanding, int count, long now, boolean wasBlocked) {
        long first = outstanding.next();
        if (outstanding.isEmpty()) {
            if (waiting++ == 0) {
                stalls.begin(now);
            }
            outstanding.waitsSince(now);
        }
        outstanding.add(count, now);
        ledger.sent += count;
        this.outstanding += count;
        recorder.slice.sent += count;
        if (byTimetable && !wasBlocked) {
            for (int i = 0; i < count; i++) {
                recorder.slice.sendLag.record(now - outstanding.intended(first + i));
            }
        }
        int measured = measured(outstanding, first, count);
        span.sent += measured;
        return measured;
    }

    /** How many of a connection's messages are measured, if they are sent now. */
    public int measured(Outstanding outstanding, long first, int count) {
        if (!byTimetable) {
            return recorder.slice.phase == Slice.Phase.MEASURED ? count : 0;
        }
        int measured = 0;
        for (int i = 0; i < count; i++) {
            measured += outstanding.intended(first + i) - span.start >= 0 ? 1 : 0;
        }
        return measured;
    }

    /** Bytes have come on a connection, or no more will. */
    public void heard(Outstanding outstanding, long now) {
        if (outstanding.isEmpty()) {
            return;
        }
        stalls.end(now, waiting);
        long wait = outstanding.heard(now);
        if (wait >= Stalls.LEAST && span.from != 0) {
            waits.record(wait);
            outstanding.longestWait = Math.max(outstanding.longestWait, wait);
        }
    }

    /** The right replies to so many of the outstanding messages, the oldest ones, in time or late. */
    public void replied(Outstanding outstanding, int count, long now) {
        for (int left = count; left > 0; ) {
            long seq = outstanding.first();
            long sentAt = outstanding.firstSentAt();
            if (now - sentAt > timeout && outstanding.isFirstWaitedFor()) { // nobody has looked since it is late
                error(ErrorKind.REPLY_TIMEOUT, () -> outstanding.place(seq));
            }
            boolean isAlone = byTimetable || now - sentAt > timeout;
            int alike = isAlone ? 1 : outstanding.sentWithFirst(left);
            record(sentAt, byTimetable ? outstanding.intended(seq) : sentAt, now, alike);
            passed(outstanding, alike);
            left -= alike;
        }
    }

    /**
     * The right reply to a message is here, in time or late.
     *
     * @param sentAt when it was sent
     * @param intended when it was meant to be sent; means nothing in the closed model
     */
    public void record(long sentAt, long intended, long now) {
        record(sentAt, intended, now, 1);
    }

    private void record(long sentAt, long intended, long now, int count) {
        long service = now - sentAt;
        if (service > timeout) {
            ledger.late += count;
        } else {
            ledger.matched += count;
        }
        Slice slice = recorder.slice;
        slice.answered += count;
        span.lastReply = now;
        if (!byTimetable) {
            boolean measured = span.from != 0 && sentAt - span.from >= 0;
            (measured ? slice.service : slice.warmUp).record(service, count);
            return;
        }
        if (intended - span.start >= 0) {
            slice.service.record(service, count);
            slice.response.record(now - intended, count);
        } else {
            slice.warmUp.record(service, count);
        }
    }

    /** The oldest of the outstanding messages is outstanding no more. */
    public void passed(Outstanding outstanding) {
        passed(outstanding, 1);
    }

    private void passed(Outstanding outstanding, int count) {
        outstanding.removeFirst(count);
        this.outstanding -= count;
        waiting -= outstanding.isEmpty() ? 1 : 0;
    }

    /** Something went wrong; the sample is asked for if it is the first of its kind. */
    public void error(ErrorKind kind, Supplier<String> sample) {
        errors.add(kind, clock.getAsLong(), sample);
        recorder.slice.errors++;
    }

    /** What was taken for an error of this kind was none. */
    public void noError(ErrorKind kind) {
        errors.remove(kind);
    }

    /** Ends a slice of time and begins another. */
    public void turn(long now, Slice.Phase next) {
        recorder.slice.connections = open;
        recorder.slice.backlog = outstanding + heldBack;
        recorder.turn(now, next);
    }
}
