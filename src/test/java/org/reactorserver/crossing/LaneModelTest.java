package org.reactorserver.crossing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The loop adds to a lane while a worker is at it, in the interleavings that Lincheck can think of:
 * everything is handled, once and in order, because the worker tells the loop after the release. And the
 * proof that telling before the release would be found.
 */
@Tag("model")
class LaneModelTest {
    private static final int INTERLEAVINGS = 1_000;

    /** What the loop and its worker share. */
    private static final class Session {
        private final boolean tellsTooEarly;
        private final Lane<String> lane = new Lane<>();
        private final AtomicBoolean posted = new AtomicBoolean();
        private final List<Object> handled = new ArrayList<>(); // owned by the lane's holder

        Session(boolean tellsTooEarly) {
            this.tellsTooEarly = tellsTooEarly;
        }

        /** A worker's turn. */
        void handle() {
            Object item;
            while ((item = lane.poll()) != null) {
                handled.add(item);
            }
            if (tellsTooEarly) {
                posted.set(true);
                lane.release(0);
            } else {
                lane.release(0);
                posted.set(true);
            }
        }

        /** The loop's turn: gives the lane to another worker, if the first one has told it. */
        void settle() {
            if (posted.getAndSet(false) && lane.schedule()) {
                handle();
            }
        }
    }

    private static void run(Session session) {
        session.lane.add(List.of("1", "2"), 2);
        require(session.lane.schedule(), "nothing to handle");
        Thread worker = new Thread(session::handle);
        worker.start();
        session.lane.add(List.of("3"), 1);
        session.settle();
        join(worker);
        session.settle();
        require(session.lane.isIdle(), "something is left behind");
        require(session.handled.equals(List.of("1", "2", "3")), "something is out of order");
    }

    private static void require(boolean fact, String complaint) {
        if (!fact) {
            throw new IllegalStateException(complaint);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everythingIsHandledInOrder() {
        check(false);
    }

    @Test
    void aWorkerThatTellsBeforeItReleasesIsFound() {
        assertThatThrownBy(() -> check(true))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("something is left behind");
    }

    private static void check(boolean tellsTooEarly) {
        Lincheck.runConcurrentTest(INTERLEAVINGS, () -> run(new Session(tellsTooEarly)));
    }
}
