package org.reactorserver.load.measure;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Hands slices from the loop to the reporting thread and empty ones back. There are a few of them, and
 * no more: if the reporting thread is held up, a slice gets longer, and the loop is not kept waiting.
 */
public final class Recorder {
    private static final int SLICES = 8;

    private final BlockingQueue<Slice> filled = new LinkedBlockingQueue<>();
    private final BlockingQueue<Slice> empty = new ArrayBlockingQueue<>(SLICES);

    /** Loop: the slice that is being filled. */
    public Slice slice = new Slice();

    Recorder() {
        for (int i = 1; i < SLICES; i++) {
            empty.add(new Slice());
        }
    }

    /** Loop: ends a slice and begins another, if there is one to be had. */
    void turn(long now, Slice.Phase next) {
        Slice fresh = empty.poll();
        if (fresh == null && next != slice.phase) {
            fresh = new Slice(); // phases are not mixed; this happens a few times in a run
        }
        if (fresh != null) {
            hand(now);
            slice = fresh;
            slice.begin(next, now);
        }
    }

    /** Loop: ends the last slice. */
    public void end(long now) {
        hand(now);
    }

    private void hand(long now) {
        slice.to = now;
        filled.add(slice);
    }

    /** Reporting thread: the next slice; null if there is none, for a while or, if told so, now. */
    public Slice take(boolean now) throws InterruptedException {
        return now ? filled.poll() : filled.poll(100, TimeUnit.MILLISECONDS);
    }

    /** Reporting thread: has read it. */
    public void giveBack(Slice slice) {
        empty.offer(slice);
    }
}
