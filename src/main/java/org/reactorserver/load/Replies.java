package org.reactorserver.load;

import java.util.Arrays;

/**
 * The replies of one connection as they come, cut by TCP wherever it likes. Loop only.
 *
 * <p>A reply that is as expected is compared where it was read, byte by byte, and nothing is decoded or
 * allocated for it. As soon as a byte is not as expected, {@link Resync} takes over until it can tell
 * again where a reply begins.
 */
final class Replies {
    private final LoadConnection connection;
    private final Generator generator;
    private final Exchange exchange;
    private final Outstanding outstanding;
    private int matched; // bytes of the next reply that have come
    private Resync resync; // not null once a byte was not as expected

    Replies(LoadConnection connection, Generator generator) {
        this.connection = connection;
        this.generator = generator;
        this.exchange = generator.exchange;
        this.outstanding = connection.outstanding;
    }

    void take(byte[] input, int count, long now) {
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
            exchange.expect(connection.id, outstanding.first());
            int agreed = exchange.agreement(input, at, count, matched);
            int missing = exchange.expectedLength() - matched - agreed;
            if (missing > 0 && at + agreed < count) {
                return at; // and "matched" says how many bytes of this reply came earlier
            }
            at += agreed;
            matched += agreed;
            if (missing == 0) {
                matched = 0;
                connection.onReply(now);
            }
        }
        return at;
    }

    private void takeUnexpected(byte[] input, int from, int to, long now) {
        if (resync == null) {
            resync = Resync.of(connection, generator);
        }
        if (matched > 0) {
            byte[] earlier = Arrays.copyOf(exchange.expectedBytes(), matched);
            matched = 0;
            resync.take(earlier, 0, earlier.length, now);
        }
        resync.take(input, from, to, now);
    }
}
