package org.reactorserver.page;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The last frames, up to a bound, always beginning with one that says who was there: from there on all the others can be
 * understood. What falls out is counted. Any thread.
 */
final class Reel {
    private final int mostHappenings;

    // guarded by this
    private final Deque<Frame> frames = new ArrayDeque<>();
    private int held; // happenings and frames
    private long leftOut; // happenings
    private boolean isOver;

    /**
     * Makes an empty one.
     *
     * @param mostHappenings how many are kept, roughly; a hundred bytes and a message cut short each
     */
    Reel(int mostHappenings) {
        this.mostHappenings = mostHappenings;
    }

    /** What has fallen out, and what is left. */
    record Cut(long leftOut, List<Frame> frames) {}

    synchronized void add(Frame frame) {
        frames.add(frame);
        held += 1 + frame.happenings.size();
        while (held > mostHappenings && hasLaterSnapshot()) {
            do {
                Frame oldest = frames.remove();
                held -= 1 + oldest.happenings.size();
                leftOut += oldest.happenings.size();
            } while (frames.element().snapshot == null);
        }
        notifyAll();
    }

    private boolean hasLaterSnapshot() {
        return frames.stream().skip(1).anyMatch(frame -> frame.snapshot != null);
    }

    /** All that is kept. */
    synchronized Cut all() {
        return new Cut(leftOut, List.copyOf(frames));
    }

    /** The number of the latest; -1 if there is none. */
    synchronized long last() {
        return frames.isEmpty() ? -1 : frames.getLast().number;
    }

    /** The frames behind the one of this number; empty if there is none within the time, null if there will be none. */
    synchronized List<Frame> after(long last, long millis) throws InterruptedException {
        if (!isOver && last() <= last) {
            wait(millis);
        }
        Deque<Frame> found = new ArrayDeque<>();
        Iterator<Frame> latest = frames.descendingIterator(); // most want the last one only
        while (latest.hasNext()) {
            Frame frame = latest.next();
            if (frame.number <= last) {
                break;
            }
            found.addFirst(frame);
        }
        return found.isEmpty() && isOver ? null : List.copyOf(found);
    }

    /** There will be no more. */
    synchronized void end() {
        isOver = true;
        notifyAll();
    }
}
