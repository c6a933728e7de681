package org.reactorserver.load.drive;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.reactorserver.load.measure.Books;
import org.reactorserver.load.measure.ErrorKind;
import org.reactorserver.load.measure.Outstanding;
import org.reactorserver.load.plan.Exchange;
import org.reactorserver.load.protocol.Extent;
import org.reactorserver.load.protocol.Unreadable;

/**
 * Makes sense of replies that are not the expected ones: is one missing, has one come twice or out of
 * order, is it garbled? Is asked until a reply ends where the bytes do. Loop only.
 */
abstract class Resync {
    /** How many messages are looked through, ahead and back, for the one that a reply belongs to. */
    private static final int REACH = 1024;

    private static final int SAMPLE_BYTES = 400;

    /** A message that was given up, before or after which a reply in its place was seen. */
    private record GivenUp(long sentAt, long intended, boolean wasGarbled) {}

    private final boolean byTimetable;
    final Books books;
    final Outstanding outstanding;
    final Exchange exchange;
    final Map<Long, GivenUp> givenUp = new LinkedHashMap<>();

    private Resync(RunContext context, Outstanding outstanding) {
        this.byTimetable = context.plan.isOpenModel();
        this.books = context.books;
        this.outstanding = outstanding;
        this.exchange = context.exchange;
    }

    static Resync of(RunContext context, Outstanding outstanding, Extent extent) {
        return extent == null ? new Chunks(context, outstanding) : new Frames(context, outstanding, extent);
    }

    /**
     * Takes bytes as they came.
     *
     * @throws Unreadable if they are no reply of the framing
     */
    abstract void take(byte[] bytes, int from, int to, long now) throws Unreadable;

    /** Whether no byte is left over. */
    abstract boolean isDone();

    /** The last message that can be the one that a reply belongs to. */
    long lastCandidate() {
        long last = exchange.hasUniqueReplies() ? outstanding.first() + REACH : outstanding.first();
        return Math.min(outstanding.next() - 1, last);
    }

    /** The first message whose reply may come again, or late. */
    long firstPast() {
        return exchange.hasUniqueReplies() ? Math.max(1, outstanding.first() - REACH) : outstanding.first();
    }

    /** The reply to this message is here, which may not be the one that was to come next. */
    void onReplyTo(long seq, long now) {
        while (outstanding.first() < seq) {
            onMissing();
        }
        books.replied(outstanding, 1, now);
    }

    /** The reply to a later message shows that the first of the outstanding ones will get none. */
    private void onMissing() {
        long seq = outstanding.first();
        books.ledger.unanswered++;
        books.error(ErrorKind.MISSING_REPLY, () -> outstanding.place(seq));
        giveUp(false);
    }

    private void giveUp(boolean garbled) {
        if (givenUp.size() == REACH) {
            givenUp.remove(givenUp.keySet().iterator().next());
        }
        long intended = byTimetable ? outstanding.intended(outstanding.first()) : 0;
        givenUp.put(outstanding.first(), new GivenUp(outstanding.firstSentAt(), intended, garbled));
        books.passed(outstanding);
    }

    /** The reply to a message that is not outstanding any more. */
    void onRepeated(long seq, long now) {
        GivenUp message = givenUp.remove(seq);
        if (message == null) {
            books.ledger.extra++;
            books.error(ErrorKind.DUPLICATE_REPLY, () -> outstanding.place(seq));
        } else if (message.wasGarbled()) { // so what was taken for its reply belonged to no message
            books.ledger.mismatched--;
            books.noError(ErrorKind.MISMATCH);
            books.ledger.extra++;
            books.error(ErrorKind.UNEXPECTED_REPLY, () -> "before the reply to " + outstanding.place(seq));
            books.record(message.sentAt(), message.intended(), now);
        } else {
            books.ledger.unanswered--;
            books.noError(ErrorKind.MISSING_REPLY);
            books.ledger.mismatched++;
            books.error(ErrorKind.OUT_OF_ORDER, () -> outstanding.place(seq));
        }
    }

    /** A reply that is no message's. It stands in the place of the oldest one's, if there is one. */
    void onGarbled(byte[] bytes, int from, int to) {
        String reply = sample(bytes, from, to);
        if (outstanding.isEmpty()) {
            books.ledger.extra++;
            books.error(ErrorKind.UNEXPECTED_REPLY, () -> "connection " + outstanding.connection + ": " + reply);
            return;
        }
        long seq = outstanding.first();
        books.ledger.mismatched++;
        books.error(
                ErrorKind.MISMATCH,
                () -> outstanding.place(seq) + ": expected "
                        + Quotes.of(exchange.expectedText(outstanding.connection, seq)) + ", got "
                        + reply);
        giveUp(true);
    }

    private String sample(byte[] bytes, int from, int to) {
        return Quotes.of(exchange.text(bytes, from, Math.min(to, from + SAMPLE_BYTES)));
    }

    int agreement(long seq, byte[] bytes, int from, int to) {
        exchange.expect(outstanding.connection, seq);
        return exchange.agreement(bytes, from, to, 0);
    }

    /** Where it is known where a reply ends. */
    private static final class Frames extends Resync {
        private static final int LEAST_KEPT = 1024;

        private final Extent extent;
        private byte[] kept = new byte[LEAST_KEPT];
        private int count; // of the reply's bytes, more than are kept if it is too long to be any message's

        Frames(RunContext context, Outstanding outstanding, Extent extent) {
            super(context, outstanding);
            this.extent = extent;
        }

        @Override
        void take(byte[] bytes, int from, int to, long now) throws Unreadable {
            int at = from;
            while (at < to) {
                int end = extent.end(bytes, at, to);
                keep(bytes, at, end < 0 ? to : end);
                if (end < 0) {
                    return;
                }
                judge(now);
                count = 0;
                at = end;
            }
        }

        /** No more than a right reply can have: what is longer is wrong, and its length is the server's choice. */
        private void keep(byte[] bytes, int from, int to) {
            exchange.expect(outstanding.connection, outstanding.first());
            int most = Math.max(LEAST_KEPT, 2 * exchange.expectedLength());
            int wanted = Math.min(most, count + to - from);
            if (wanted > kept.length) {
                kept = Arrays.copyOf(kept, Math.min(most, Math.max(wanted, 2 * kept.length)));
            }
            if (wanted > count) {
                System.arraycopy(bytes, from, kept, count, wanted - count);
            }
            count += to - from;
        }

        private void judge(long now) {
            int length = count;
            boolean hasCarriageReturn =
                    count >= 2 && count <= kept.length && kept[count - 2] == '\r' && kept[count - 1] == '\n';
            if (hasCarriageReturn && !isRight(outstanding.first(), length)) {
                kept[--length - 1] = '\n'; // the same line
            }
            for (long seq = outstanding.first(); seq <= lastCandidate(); seq++) {
                if (isRight(seq, length)) {
                    onReplyTo(seq, now);
                    return;
                }
            }
            for (long seq = outstanding.first() - 1; seq >= firstPast(); seq--) {
                if (isRight(seq, length)) {
                    onRepeated(seq, now);
                    return;
                }
            }
            onGarbled(kept, 0, Math.min(length, kept.length));
        }

        private boolean isRight(long seq, int length) {
            exchange.expect(outstanding.connection, seq);
            return length == exchange.expectedLength()
                    && length <= kept.length
                    && exchange.agreement(kept, 0, length, 0) == length;
        }

        @Override
        boolean isDone() {
            return count == 0;
        }
    }

    /** Without a framing: only the expected bytes tell where a reply ends. */
    private static final class Chunks extends Resync {
        private final Finder finder;
        private byte[] bytes = new byte[256];
        private int from;
        private int to;
        private int junk; // up to here no reply begins

        Chunks(RunContext context, Outstanding outstanding) {
            super(context, outstanding);
            this.finder = new Finder(exchange);
        }

        @Override
        void take(byte[] fresh, int freshFrom, int freshTo, long now) {
            int count = freshTo - freshFrom;
            System.arraycopy(bytes, from, bytes, 0, to - from);
            to -= from;
            junk = Math.max(0, junk - from);
            from = 0;
            if (to + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(to + count, bytes.length * 2));
            }
            System.arraycopy(fresh, freshFrom, bytes, to, count);
            to += count;
            while (from < to && judge(now)) {
                // every turn takes some bytes
            }
        }

        /** Takes the next reply. Returns whether there were enough bytes to tell what it is. */
        private boolean judge(long now) {
            boolean mayBecomeOne = false;
            if (from >= junk) {
                for (long seq = outstanding.first(); seq <= lastCandidate(); seq++) {
                    int agreed = agreement(seq, bytes, from, to);
                    if (agreed == exchange.expectedLength()) {
                        from += agreed;
                        onReplyTo(seq, now);
                        return true;
                    }
                    mayBecomeOne |= agreed == to - from;
                }
                for (long seq = outstanding.first() - 1; seq >= firstPast(); seq--) {
                    int agreed = agreement(seq, bytes, from, to);
                    if (agreed == exchange.expectedLength()) {
                        from += agreed;
                        onRepeated(seq, now);
                        return true;
                    }
                    mayBecomeOne |= agreed == to - from;
                }
            }
            return !mayBecomeOne && takeGarbled();
        }

        /** Up to where a reply begins that is as expected; if there is none, as long as expected. */
        private boolean takeGarbled() {
            int end = to;
            if (!outstanding.isEmpty()) {
                exchange.expect(outstanding.connection, outstanding.first());
                end = from + exchange.expectedLength();
                int begin = end > junk ? begin() : -1;
                end = begin < 0 ? end : begin;
            }
            if (end > to) {
                return false;
            }
            onGarbled(bytes, from, end);
            from = end;
            return true;
        }

        /** Where the next reply begins; -1 if no whole one is here. */
        private int begin() {
            finder.clear();
            int longest = 0;
            for (long seq = outstanding.first(); seq <= lastCandidate(); seq++) {
                exchange.expect(outstanding.connection, seq);
                longest = Math.max(longest, exchange.expectedLength());
                finder.add();
            }
            int found = finder.find(bytes, Math.max(from + 1, junk), to, at -> isOne((int) at));
            junk = found >= 0 ? junk : Math.max(junk, to - longest + 1);
            return found;
        }

        private boolean isOne(int at) {
            for (long seq = outstanding.first(); seq <= lastCandidate(); seq++) {
                if (agreement(seq, bytes, at, to) == exchange.expectedLength()) {
                    return true;
                }
            }
            return false;
        }

        @Override
        boolean isDone() {
            return from == to;
        }
    }
}
