package org.reactorserver.load.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The reply that one connection hears: where it ends, and whether it is right. Loop only. */
public final class Hearing {
    /** What was expected, and what came, as far as it is kept. */
    public record Wrong(String expected, byte[] got, int line) {}

    private static final int MOST_KEPT = 1 << 20;
    private static final int SAMPLE = 400;

    private final Values values;
    private final Map<ReplyEnd, Extent> extents = new HashMap<>();
    private byte[] kept = new byte[256]; // of a reply that is checked
    private int count; // of its bytes that are kept
    private int matched; // of the only reply that will do
    private boolean begun;
    private boolean tooLong;
    private boolean outOfStep;
    private Wrong wrong;

    Hearing(Values values) {
        this.values = values;
    }

    void startOver() {
        extents.clear();
        begin();
        outOfStep = false;
    }

    private void begin() {
        count = 0;
        matched = 0;
        begun = false;
        tooLong = false;
    }

    boolean hasBegun() {
        return begun;
    }

    boolean isOutOfStep() {
        return outOfStep;
    }

    Wrong wrong() {
        return wrong;
    }

    /** As {@link Script#take}. */
    int take(Sent sent, byte[] input, int from, int to) throws Unreadable {
        begun = true;
        if (sent.exact() != null) {
            return takeExact(sent.exact(), input, from, to);
        }
        Extent extent = extents.computeIfAbsent(sent.expectation().end(), ReplyEnd::extent);
        int end = extent.end(input, from, to);
        if (!sent.checks().isEmpty()) {
            keep(input, from, end < 0 ? to : end);
        }
        return end;
    }

    private int takeExact(byte[] exact, byte[] input, int from, int to) {
        int length = Math.min(to - from, exact.length - matched);
        if (Arrays.mismatch(input, from, from + length, exact, matched, matched + length) >= 0) {
            keep(exact, 0, matched); // as a sample: where the reply ends, nobody knows
            keep(input, from, to);
            outOfStep = true;
            return to;
        }
        matched += length;
        return matched < exact.length ? -1 : from + length;
    }

    private void keep(byte[] input, int from, int to) {
        int length = Math.min(to - from, MOST_KEPT - count);
        tooLong |= length < to - from;
        if (count + length > kept.length) {
            kept = Arrays.copyOf(kept, Math.max(count + length, 2 * kept.length));
        }
        System.arraycopy(input, from, kept, count, length);
        count += length;
    }

    /** Whether the reply that has ended is right. */
    boolean isRight(Sent sent) {
        String broken = null;
        if (outOfStep) {
            broken = new String(sent.exact(), StandardCharsets.UTF_8);
        }
        for (Check.Ready check : sent.checks()) {
            boolean holds = !tooLong && check.holds(kept, count, values);
            broken = holds || broken != null ? broken : check.describe();
        }
        wrong = broken == null ? null : new Wrong(broken, Arrays.copyOf(kept, Math.min(count, SAMPLE)), sent.line());
        begin();
        return broken == null;
    }
}
