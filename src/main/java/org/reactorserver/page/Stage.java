package org.reactorserver.page;

import java.util.List;
import java.util.function.LongSupplier;
import org.reactorserver.Extension;
import org.reactorserver.ServerObserver;
import org.reactorserver.option.Figures;

/**
 * The reactor at work, to look at: what the page shows, and what a recording holds. As long as nobody looks, nothing is
 * written down. It is the last one that is told what happens, since it may hold the loop. Any thread.
 */
public final class Stage implements Extension {
    private static final long FRAME_MILLIS = 100;

    /** How often it is told who is there, in frames, so that a recording can begin there. */
    private static final int SNAPSHOT_EVERY = 20;

    /** About ten megabytes of JSON. */
    private static final int MOST_HAPPENINGS = 60_000;

    private final LongSupplier clock;
    private final Brake brake; // null if it may not hold
    private final Scene scene;
    private final Reel reel = new Reel(MOST_HAPPENINGS);

    // guarded by this
    private int watchers;
    private boolean hasNewcomer; // who is to be told who is there
    private Thread camera; // takes the frames; null while nobody looks, and the last one when it is over
    private boolean isOver;

    // the camera only, of which there is one at a time
    private long frames;
    private Snapshot next;
    private Brake.State shown;
    private boolean isDue; // a frame, though nothing may have happened

    /** A stage of a server that cannot be held. */
    public Stage(LongSupplier clock) {
        this(clock, null);
    }

    /**
     * A stage.
     *
     * @param clock the system's clock, in nanoseconds
     * @param brake what may hold the loop; null for nothing
     */
    public Stage(LongSupplier clock, Brake brake) {
        this.clock = brake == null ? clock : brake::clock;
        this.brake = brake;
        this.scene = new Scene(this.clock, brake);
    }

    /** Where the loop can be held, the system's clock without the time for which it was. */
    @Override
    public LongSupplier clock(LongSupplier servers) {
        return brake == null ? servers : clock;
    }

    @Override
    public List<ServerObserver> attach(Figures figures, LongSupplier servers) {
        return List.of(scene);
    }

    /** What holds the loop; null if it cannot be held. */
    public Brake brake() {
        return brake;
    }

    /** What the loop is held at, to be looked at, in words; null if it is not held. */
    public String heldAt() {
        Happening at = brake == null ? null : brake.state().at();
        return at == null ? null : at.what().key();
    }

    Reel reel() {
        return reel;
    }

    /** Somebody looks, until what is returned is run. */
    public synchronized Runnable watch() {
        watchers++;
        hasNewcomer = true;
        if (camera == null && !isOver) {
            scene.setWatched(true);
            camera = new Thread(this::film, "page");
            camera.setDaemon(true);
            camera.start();
        }
        return new Runnable() {
            private boolean isDone;

            @Override
            public void run() {
                synchronized (Stage.this) {
                    watchers -= isDone ? 0 : 1;
                    isDone = true;
                }
            }
        };
    }

    /** Whether this thread goes on. The last frame was taken before it, so nothing stays behind. */
    private synchronized boolean goesOn() throws InterruptedException {
        if (watchers > 0 && !isOver) {
            wait(FRAME_MILLIS);
            return true;
        }
        scene.setWatched(false);
        camera = isOver ? camera : null; // each that ends the stage waits for the last frame
        return false;
    }

    private void film() {
        try {
            next = scene.take(true).next();
            shown = null;
            isDue = true;
            while (goesOn()) {
                take();
            }
            if (isOver()) { // else a new camera may be at it
                take();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // an interrupt is a request to end
        }
    }

    private synchronized boolean hasNewcomer() {
        boolean has = hasNewcomer;
        hasNewcomer = false;
        return has;
    }

    private synchronized boolean isOver() {
        return isOver;
    }

    private void take() {
        Scene.Take take = scene.take(hasNewcomer() || (next == null && frames % SNAPSHOT_EVERY == 0));
        Brake.State state = brake == null ? null : brake.state();
        if (isDue || !take.happenings().isEmpty() || take.missed() > 0 || isNews(state)) {
            reel.add(new Frame(frames++, next, take.happenings(), take.missed(), state));
            shown = state;
            next = null;
        }
        isDue = take.next() != null; // else who waits for it would see what is no more
        next = isDue ? take.next() : next;
    }

    private boolean isNews(Brake.State state) {
        return state != null && (shown == null || !state.equals(shown));
    }

    /** Those who look are told so, and nothing more is written down. */
    @Override
    public void ended() {
        Thread last;
        synchronized (this) {
            isOver = true;
            last = camera;
            notifyAll();
        }
        try {
            if (last != null) {
                last.join(10 * FRAME_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        reel.end();
    }

    /** What has happened lately, as a page of its own that replays it, with what clients said. */
    public String recording() {
        return Recording.replay(reel.all(), true);
    }
}
