package org.reactorserver.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.reactorserver.framing.Decoder;
import org.reactorserver.framing.Framing;
import org.reactorserver.framing.FramingException;
import org.reactorserver.framing.Residue;

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

    final LoadConnection connection;
    final Exchange exchange;
    private final Generator generator;
    private final ArrayDeque<Long> passedOver = new ArrayDeque<>(); // whose reply was found missing

    private Resync(LoadConnection connection, Generator generator) {
        this.connection = connection;
        this.generator = generator;
        this.exchange = generator.exchange;
    }

    static Resync of(LoadConnection connection, Generator generator) {
        return generator.plan.framing == Framing.chunks()
                ? new Chunks(connection, generator)
                : new Frames(connection, generator);
    }

    /** Takes bytes as they came. */
    abstract void take(byte[] bytes, int from, int to, long now);

    /** Whether no byte is left over. */
    abstract boolean isDone();

    /** The last message that can be the one that a reply belongs to. */
    long lastCandidate() {
        long last = exchange.hasUniqueReplies()
                ? connection.outstanding.first() + LOOK_AHEAD
                : connection.outstanding.first();
        return Math.min(connection.outstanding.next() - 1, last);
    }

    /** The first message whose reply may come again. */
    long firstPast() {
        return exchange.hasUniqueReplies()
                ? Math.max(1, connection.outstanding.first() - LOOK_BACK)
                : connection.outstanding.first();
    }

    /** The reply to this message is here, which may not be the one that was to come next. */
    void onReplyTo(long seq, long now) {
        while (connection.outstanding.first() < seq) {
            onMissing();
        }
        connection.onReply(now);
    }

    /** The reply to a later message shows that the first of the outstanding ones will get none. */
    private void onMissing() {
        long seq = connection.outstanding.first();
        generator.books.ledger.unanswered++;
        generator.books.error(ErrorKind.MISSING_REPLY, () -> connection.place(seq));
        if (passedOver.size() == MAX_PASSED_OVER) {
            passedOver.remove();
        }
        passedOver.add(seq);
        connection.pass();
    }

    /** The reply to a message that is not outstanding any more. */
    void onRepeated(long seq) {
        boolean outOfOrder = passedOver.remove(seq);
        if (outOfOrder) {
            generator.books.ledger.unanswered--;
            generator.books.ledger.mismatched++;
        } else {
            generator.books.ledger.extra++;
        }
        generator.books.error(
                outOfOrder ? ErrorKind.OUT_OF_ORDER : ErrorKind.DUPLICATE_REPLY, () -> connection.place(seq));
    }

    /** A reply that is no message's. It stands in the place of the oldest one's, if there is one. */
    void onGarbled(String reply) {
        if (connection.outstanding.isEmpty()) {
            generator.books.ledger.extra++;
            generator.books.error(
                    ErrorKind.UNEXPECTED_REPLY, () -> "connection " + connection.id + ": " + quote(reply));
            return;
        }
        long seq = connection.outstanding.first();
        generator.books.ledger.mismatched++;
        generator.books.error(
                ErrorKind.MISMATCH,
                () -> connection.place(seq) + ": expected "
                        + quote(exchange.expectedText(connection.id, seq)) + ", got "
                        + quote(reply));
        connection.pass();
    }

    private static String quote(String text) {
        String start = text.length() <= SAMPLE_LENGTH ? text : text.substring(0, SAMPLE_LENGTH) + "…";
        return '"' + Units.printable(start) + '"';
    }

    /** With a framing that says where a reply ends. */
    private static final class Frames extends Resync {
        private final Decoder decoder;
        private Residue residue;

        Frames(LoadConnection connection, Generator generator) {
            super(connection, generator);
            this.decoder = generator.decoder;
        }

        @Override
        void take(byte[] bytes, int from, int to, long now) {
            decoder.load(residue, ByteBuffer.wrap(bytes, from, to - from));
            try {
                String reply;
                while ((reply = decoder.next()) != null) {
                    judge(reply, now);
                }
            } catch (FramingException e) {
                connection.end(ErrorKind.UNFRAMEABLE, "connection " + connection.id + ": " + e.getMessage());
            }
            residue = decoder.unload();
        }

        private void judge(String reply, long now) {
            if (exchange.expectsAnything() && !connection.outstanding.isEmpty()) {
                connection.onReply(now);
                return;
            }
            for (long seq = connection.outstanding.first(); seq <= lastCandidate(); seq++) {
                if (reply.equals(exchange.expectedText(connection.id, seq))) {
                    onReplyTo(seq, now);
                    return;
                }
            }
            for (long seq = connection.outstanding.first() - 1; seq >= firstPast(); seq--) {
                if (reply.equals(exchange.expectedText(connection.id, seq))) {
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

        Chunks(LoadConnection connection, Generator generator) {
            super(connection, generator);
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
            for (long seq = connection.outstanding.first(); seq <= lastCandidate(); seq++) {
                int agreed = agreement(seq, from);
                if (agreed == exchange.expectedLength()) {
                    from += agreed;
                    onReplyTo(seq, now);
                    return true;
                }
                mayBecomeOne |= agreed == to - from;
            }
            for (long seq = connection.outstanding.first() - 1; seq >= firstPast(); seq--) {
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
            if (!connection.outstanding.isEmpty()) {
                connection.onReply(now);
            } else {
                onGarbled(text(from, to));
            }
            from = to;
            return true;
        }

        /** Up to where a reply begins that is as expected; if there is none, as long as expected. */
        private boolean takeGarbled() {
            int end = connection.outstanding.isEmpty() ? to : -1;
            for (int at = from + 1; at < to && end < 0; at++) {
                for (long seq = connection.outstanding.first(); seq <= lastCandidate(); seq++) {
                    if (agreement(seq, at) == exchange.expectedLength()) {
                        end = at;
                        break;
                    }
                }
            }
            if (end < 0) {
                agreement(connection.outstanding.first(), from);
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
            exchange.expect(connection.id, seq);
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
