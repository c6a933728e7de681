package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
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
    private static final int INTERLEAVINGS = 200;

    /** What the loop and its worker share. */
    private static final class Session {
        private final boolean tellsTooEarly;
        private final Lane lane = new Lane();
        private final AtomicBoolean posted = new AtomicBoolean();
        private final List<Object> handled = Collections.synchronizedList(new ArrayList<>());

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
                lane.release();
            } else {
                lane.release();
                posted.set(true);
            }
        }

        /** The loop's turn when the worker has told it. */
        Thread settle() {
            return posted.getAndSet(false) ? schedule() : null;
        }

        Thread schedule() {
            if (!lane.schedule()) {
                return null;
            }
            Thread worker = new Thread(this::handle);
            worker.start();
            return worker;
        }
    }

    private static void run(Session session) {
        session.lane.add(List.of("1", "2"), 2);
        Thread first = session.schedule();
        session.lane.add(List.of("3"), 1);
        Thread second = session.schedule();
        Thread third = session.settle();
        join(first);
        join(second);
        join(third);
        for (Thread next = session.settle(); next != null; next = session.settle()) {
            join(next);
        }
        if (!session.lane.isIdle() || !session.handled.equals(List.of("1", "2", "3"))) {
            throw new IllegalStateException("handled only " + session.handled);
        }
    }

    private static void join(Thread thread) {
        try {
            if (thread != null) {
                thread.join();
            }
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
                .hasMessageContaining("handled only");
    }

    private static void check(boolean tellsTooEarly) {
        Lincheck.runConcurrentTest(INTERLEAVINGS, () -> run(new Session(tellsTooEarly)));
    }
}
