package org.reactorserver.load.drive;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.reactorserver.load.measure.ErrorKind;
import org.reactorserver.load.measure.Outstanding;
import org.reactorserver.load.plan.Exchange;
import org.reactorserver.load.protocol.Extent;
import org.reactorserver.load.protocol.ReplyEnd;
import org.reactorserver.load.protocol.Unreadable;

/**
 * Messages that are all alike, and their replies as they come, cut by TCP wherever it likes. Loop only.
 *
 * <p>A reply that is as expected is compared where it was read, byte by byte, and nothing is decoded or
 * allocated for it. As soon as a byte is not as expected, {@link Resync} takes over until it can tell
 * again where a reply begins.
 */
final class PlainTalk extends Talk {
    private final RunContext context;
    private final Exchange exchange;
    private final Outstanding outstanding;
    private final long id;
    private Extent greeting; // null: nothing is to come before the first message, or it has come
    private Extent extent; // null until it is needed, and if only the expected bytes tell
    private boolean insideAny; // a reply of which anything is right has begun
    private int matched; // bytes of the next reply that have come
    private Resync resync; // not null once a byte was not as expected

    PlainTalk(RunContext context, Outstanding outstanding) {
        this.context = context;
        this.exchange = context.exchange;
        this.outstanding = outstanding;
        this.id = outstanding.connection;
    }

    @Override
    void startOver() {
        ReplyEnd end = context.plan.greeting();
        greeting = end == null ? null : end.extent();
        extent = null;
        resync = null;
        insideAny = false;
        matched = 0;
    }

    @Override
    boolean isOpening() {
        return greeting != null;
    }

    @Override
    byte[] opening() {
        return null;
    }

    @Override
    int takeOpening(byte[] input, int from, int to) throws Unreadable {
        int end = greeting.end(input, from, to);
        if (end >= 0) {
            greeting = null;
        }
        return end;
    }

    // -- messages
    // ------------------------------------------------------------------------------------

    @Override
    boolean isReady() {
        return true;
    }

    @Override
    boolean put(long seq, ByteBuffer out) {
        byte[] message = exchange.message(id, seq);
        if (message.length > out.remaining()) {
            return false;
        }
        out.put(message);
        return true;
    }

    @Override
    byte[] large(long seq) {
        return exchange.message(id, seq).clone();
    }

    @Override
    int length(long seq) {
        return exchange.message(id, seq).length;
    }

    @Override
    boolean wantsToClose() {
        return false;
    }

    // -- replies
    // -------------------------------------------------------------------------------------

    @Override
    void take(byte[] input, int from, int to, long now) throws Unreadable {
        if (exchange.expectsAnything()) {
            takeAnything(input, from, to, now);
            return;
        }
        int at = isInSync() ? takeExpected(input, from, to, now) : from;
        if (at < to) {
            takeUnexpected(input, at, to, now);
        }
    }

    @Override
    void onWritten(long now) {
        while (exchange.hasNoReplies() && !outstanding.isEmpty()) {
            context.books.replied(outstanding, 1, now);
        }
    }

    private boolean isInSync() {
        return resync == null || resync.isDone();
    }

    @Override
    boolean isInsideReply() {
        return matched > 0 || insideAny || !isInSync();
    }

    @Override
    void onTimeout() {
        // what comes late is compared with what it was to be
    }

    @Override
    boolean isOutOfStep() {
        return false;
    }

    @Override
    boolean isHopeless() {
        return false;
    }

    @Override
    void end() {
        greeting = null;
    }

    private void takeAnything(byte[] input, int from, int to, long now) throws Unreadable {
        int at = from;
        while (at < to) {
            int end = exchange.hasNoReplies() ? to : extent().end(input, at, to);
            insideAny = end < 0;
            if (insideAny) {
                return;
            } else if (outstanding.isEmpty()) {
                context.books.ledger.extra++;
                context.books.error(ErrorKind.UNEXPECTED_REPLY, () -> "connection " + outstanding.connection);
            } else {
                context.books.replied(outstanding, 1, now);
            }
            at = end;
        }
    }

    private Extent extent() {
        if (extent == null) {
            extent = exchange.extent();
        }
        return extent;
    }

    /** The usual way. Returns up to where the bytes were as expected. */
    private int takeExpected(byte[] input, int from, int to, long now) {
        int at = from;
        long first = outstanding.first();
        long next = first;
        while (at < to && next < outstanding.next()) {
            exchange.expect(id, next);
            int agreed = exchange.agreement(input, at, to, matched);
            int missing = exchange.expectedLength() - matched - agreed;
            if (missing > 0 && at + agreed < to) {
                break; // and "matched" says how many bytes of this reply came earlier
            }
            at += agreed;
            matched += agreed;
            if (missing == 0) {
                matched = 0;
                next++;
            }
        }
        context.books.replied(outstanding, (int) (next - first), now);
        return at;
    }

    private void takeUnexpected(byte[] input, int from, int to, long now) throws Unreadable {
        if (resync == null) {
            resync = Resync.of(context, outstanding, extent());
        }
        if (matched > 0) {
            byte[] earlier = Arrays.copyOf(exchange.expectedBytes(), matched);
            matched = 0;
            resync.take(earlier, 0, earlier.length, now);
        }
        resync.take(input, from, to, now);
    }
}
