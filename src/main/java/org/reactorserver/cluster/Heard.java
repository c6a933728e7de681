package org.reactorserver.cluster;

/** What has been heard in a group from one other instance: up to which message, and how many members it has. */
final class Heard {
    /** What a frame that has come in means. */
    enum News {
        /** It is the next one, or the first that could be heard. */
        FRESH,
        /** It, or a later one, was heard before. */
        STALE
    }

    private long series = -1; // nothing heard
    private long number;
    private int members;

    int members() {
        return members;
    }

    /**
     * How many messages must have been lost before this frame, if it is to be new; the first frame of all tells where
     * the counting begins.
     */
    long missedBefore(Frame frame) {
        long expected = frame.isMessage() ? frame.number() - 1 : frame.number();
        if (series < 0 || frame.series() < series) {
            return 0;
        }
        long known = frame.series() == series ? number : 0;
        return Math.max(0, expected - known);
    }

    /** From here on this was heard. */
    News take(Frame frame) {
        boolean isOlder = frame.series() < series;
        boolean isKnown = frame.series() == series && frame.number() <= number;
        if (isOlder || (frame.isMessage() && isKnown)) {
            return News.STALE;
        }
        if (frame.isState()) {
            members = frame.members();
        }
        number = isKnown ? number : frame.number();
        series = frame.series();
        return News.FRESH;
    }
}
