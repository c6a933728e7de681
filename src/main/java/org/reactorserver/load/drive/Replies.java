package org.reactorserver.load.drive;

import java.util.Arrays;
import org.reactorserver.framing.FramingException;
import org.reactorserver.load.measure.Outstanding;
import org.reactorserver.load.plan.Exchange;

/**
 * The replies of one connection as they come, cut by TCP wherever it likes. Loop only.
 *
 * <p>A reply that is as expected is compared where it was read, byte by byte, and nothing is decoded or
 * allocated for it. As soon as a byte is not as expected, {@link Resync} takes over until it can tell
 * again where a reply begins.
 */
final class Replies {
    private final RunContext context;
    private final Exchange exchange;
    private final Outstanding outstanding;
    private int matched; // bytes of the next reply that have come
    private Resync resync; // not null once a byte was not as expected

    Replies(RunContext context, Outstanding outstanding) {
        this.context = context;
        this.exchange = context.exchange;
        this.outstanding = outstanding;
    }

    /**
     * Takes bytes as they came.
     *
     * @throws FramingException if they are no message of the framing
     */
    void take(byte[] input, int count, long now) throws FramingException {
        int at = isInSync() ? takeExpected(input, count, now) : 0;
        if (at < count) {
            takeUnexpected(input, at, count, now);
        }
    }

    private boolean isInSync() {
        return resync == null || resync.isDone();
    }

    /** Whether a reply has begun and not ended. */
    boolean isInsideOne() {
        return matched > 0 || !isInSync();
    }

    /** The usual way. Returns up to where the bytes were as expected. */
    private int takeExpected(byte[] input, int count, long now) {
        int at = 0;
        while (at < count && !outstanding.isEmpty() && !exchange.expectsAnything()) {
            exchange.expect(outstanding.connection, outstanding.first());
            int agreed = exchange.agreement(input, at, count, matched);
            int missing = exchange.expectedLength() - matched - agreed;
            if (missing > 0 && at + agreed < count) {
                return at; // and "matched" says how many bytes of this reply came earlier
            }
            at += agreed;
            matched += agreed;
            if (missing == 0) {
                matched = 0;
                context.books.replied(outstanding, now);
            }
        }
        return at;
    }

    private void takeUnexpected(byte[] input, int from, int to, long now) throws FramingException {
        if (resync == null) {
            resync = Resync.of(context, outstanding);
        }
        if (matched > 0) {
            byte[] earlier = Arrays.copyOf(exchange.expectedBytes(), matched);
            matched = 0;
            resync.take(earlier, 0, earlier.length, now);
        }
        resync.take(input, from, to, now);
    }
}
