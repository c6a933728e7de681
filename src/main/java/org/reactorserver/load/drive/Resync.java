package org.reactorserver.load.drive;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.reactorserver.framing.Decoder;
import org.reactorserver.framing.Framing;
import org.reactorserver.framing.FramingException;
import org.reactorserver.framing.Residue;
import org.reactorserver.load.measure.Books;
import org.reactorserver.load.measure.ErrorKind;
import org.reactorserver.load.measure.Outstanding;
import org.reactorserver.load.plan.Exchange;
import org.reactorserver.load.text.Units;

/**
 * Makes sense of replies that are not the expected ones: is one missing, has one come twice or out of
 * order, is it garbled? Is asked until a reply ends where the bytes do. Loop only.
 */
abstract class Resync {
    /** How many outstanding messages are looked through for the one that a reply belongs to. */
    private static final int LOOK_AHEAD = 1024;

    /** How many messages back a reply is taken for one that comes again or late. */
    private static final int LOOK_BACK = 64;

    private static final int MAX_PASSED_OVER = 64;
    private static final int SAMPLE_LENGTH = 60;

    final Books books;
    final Outstanding outstanding;
    final Exchange exchange;
    private final ArrayDeque<Long> passedOver = new ArrayDeque<>(); // whose reply was found missing

    private Resync(RunContext context, Outstanding outstanding) {
        this.books = context.books;
        this.outstanding = outstanding;
        this.exchange = context.exchange;
    }

    static Resync of(RunContext context, Outstanding outstanding) {
        return context.plan.framing() == Framing.chunks()
                ? new Chunks(context, outstanding)
                : new Frames(context, outstanding);
    }

    /**
     * Takes bytes as they came.
     *
     * @throws FramingException if they are no message of the framing
     */
    abstract void take(byte[] bytes, int from, int to, long now) throws FramingException;

    /** Whether no byte is left over. */
    abstract boolean isDone();

    /** The last message that can be the one that a reply belongs to. */
    long lastCandidate() {
        long last = exchange.hasUniqueReplies() ? outstanding.first() + LOOK_AHEAD : outstanding.first();
        return Math.min(outstanding.next() - 1, last);
    }

    /** The first message whose reply may come again. */
    long firstPast() {
        return exchange.hasUniqueReplies() ? Math.max(1, outstanding.first() - LOOK_BACK) : outstanding.first();
    }

    /** The reply to this message is here, which may not be the one that was to come next. */
    void onReplyTo(long seq, long now) {
        while (outstanding.first() < seq) {
            onMissing();
        }
        books.replied(outstanding, now);
    }

    /** The reply to a later message shows that the first of the outstanding ones will get none. */
    private void onMissing() {
        long seq = outstanding.first();
        books.ledger.unanswered++;
        books.error(ErrorKind.MISSING_REPLY, () -> outstanding.place(seq));
        if (passedOver.size() == MAX_PASSED_OVER) {
            passedOver.remove();
        }
        passedOver.add(seq);
        books.passed(outstanding);
    }

    /** The reply to a message that is not outstanding any more. */
    void onRepeated(long seq) {
        boolean outOfOrder = passedOver.remove(seq);
        if (outOfOrder) {
            books.ledger.unanswered--;
            books.ledger.mismatched++;
        } else {
            books.ledger.extra++;
        }
        books.error(outOfOrder ? ErrorKind.OUT_OF_ORDER : ErrorKind.DUPLICATE_REPLY, () -> outstanding.place(seq));
    }

    /** A reply that is no message's. It stands in the place of the oldest one's, if there is one. */
    void onGarbled(String reply) {
        if (outstanding.isEmpty()) {
            books.ledger.extra++;
            books.error(ErrorKind.UNEXPECTED_REPLY, () -> "connection " + outstanding.connection + ": " + quote(reply));
            return;
        }
        long seq = outstanding.first();
        books.ledger.mismatched++;
        books.error(
                ErrorKind.MISMATCH,
                () -> outstanding.place(seq) + ": expected "
                        + quote(exchange.expectedText(outstanding.connection, seq)) + ", got "
                        + quote(reply));
        books.passed(outstanding);
    }

    private static String quote(String text) {
        String start = text.length() <= SAMPLE_LENGTH ? text : text.substring(0, SAMPLE_LENGTH) + "…";
        return '"' + Units.printable(start) + '"';
    }

    /** With a framing that says where a reply ends. */
    private static final class Frames extends Resync {
        private final Decoder<String> decoder;
        private Residue residue;

        Frames(RunContext context, Outstanding outstanding) {
            super(context, outstanding);
            this.decoder = context.decoder;
        }

        @Override
        void take(byte[] bytes, int from, int to, long now) throws FramingException {
            decoder.load(residue, ByteBuffer.wrap(bytes, from, to - from));
            try {
                String reply;
                while ((reply = decoder.next()) != null) {
                    judge(reply, now);
                }
            } finally {
                residue = decoder.unload();
            }
        }

        private void judge(String reply, long now) {
            if (exchange.expectsAnything() && !outstanding.isEmpty()) {
                books.replied(outstanding, now);
                return;
            }
            for (long seq = outstanding.first(); seq <= lastCandidate(); seq++) {
                if (reply.equals(exchange.expectedText(outstanding.connection, seq))) {
                    onReplyTo(seq, now);
                    return;
                }
            }
            for (long seq = outstanding.first() - 1; seq >= firstPast(); seq--) {
                if (reply.equals(exchange.expectedText(outstanding.connection, seq))) {
                    onRepeated(seq);
                    return;
                }
            }
            onGarbled(reply);
        }

        @Override
        boolean isDone() {
            return residue == null;
        }
    }

    /** With nothing to say where a reply ends but the bytes that are expected. */
    private static final class Chunks extends Resync {
        private byte[] bytes = new byte[256];
        private int from;
        private int to;

        Chunks(RunContext context, Outstanding outstanding) {
            super(context, outstanding);
        }

        @Override
        void take(byte[] fresh, int freshFrom, int freshTo, long now) {
            int count = freshTo - freshFrom;
            System.arraycopy(bytes, from, bytes, 0, to - from);
            to -= from;
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
            if (exchange.expectsAnything()) {
                return judgeAnything(now);
            }
            boolean mayBecomeOne = false;
            for (long seq = outstanding.first(); seq <= lastCandidate(); seq++) {
                int agreed = agreement(seq, from);
                if (agreed == exchange.expectedLength()) {
                    from += agreed;
                    onReplyTo(seq, now);
                    return true;
                }
                mayBecomeOne |= agreed == to - from;
            }
            for (long seq = outstanding.first() - 1; seq >= firstPast(); seq--) {
                int agreed = agreement(seq, from);
                if (agreed == exchange.expectedLength()) {
                    from += agreed;
                    onRepeated(seq);
                    return true;
                }
                mayBecomeOne |= agreed == to - from;
            }
            return !mayBecomeOne && takeGarbled();
        }

        private boolean judgeAnything(long now) {
            if (!outstanding.isEmpty()) {
                books.replied(outstanding, now);
            } else {
                onGarbled(text(from, to));
            }
            from = to;
            return true;
        }

        /** Up to where a reply begins that is as expected; if there is none, as long as expected. */
        private boolean takeGarbled() {
            int end = outstanding.isEmpty() ? to : -1;
            for (int at = from + 1; at < to && end < 0; at++) {
                for (long seq = outstanding.first(); seq <= lastCandidate(); seq++) {
                    if (agreement(seq, at) == exchange.expectedLength()) {
                        end = at;
                        break;
                    }
                }
            }
            if (end < 0) {
                agreement(outstanding.first(), from);
                end = from + exchange.expectedLength();
            }
            if (end > to) {
                return false;
            }
            onGarbled(text(from, end));
            from = end;
            return true;
        }

        private int agreement(long seq, int at) {
            exchange.expect(outstanding.connection, seq);
            return exchange.agreement(bytes, at, to, 0);
        }

        private String text(int start, int end) {
            return new String(bytes, start, end - start, StandardCharsets.UTF_8);
        }

        @Override
        boolean isDone() {
            return from == to;
        }
    }
}
