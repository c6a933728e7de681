package org.reactorserver.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.testkit.Actors.Actor;
import org.reactorserver.testkit.net.Dice;

class ActorsTest {
    /** Two flags that told whose turn it is were read in the wrong order: red once in a million turns. */
    private static final int TURNS = Integer.getInteger("kit.turns", 20_000);

    private final Actors actors = new Actors(new Dice(1), 1);

    private Actor start(Runnable task) {
        actors.start("actor", task);
        return actors.ready().get(actors.ready().size() - 1);
    }

    /** Else two run at a time, and what comes of it is no longer the seed's. */
    @Test
    void whoHasHadItsTurnHasStopped() {
        AtomicBoolean isRunning = new AtomicBoolean();
        int[] turns = new int[1];
        start(() -> {
            while (turns[0] < TURNS) {
                isRunning.set(true);
                turns[0]++;
                isRunning.set(false);
                Actors.point();
            }
        });
        for (int had = 0; had < TURNS; had++) {
            assertThat(actors.ready()).as("after turn " + had).hasSize(1);
            actors.goOn(actors.ready().get(0));
            assertThat(isRunning).as("after turn " + had).isFalse();
            assertThat(turns[0]).as("turns that it has had").isEqualTo(had + 1);
        }
    }

    /** A lock as one finds them, and one of the library. */
    private static Runnable within(boolean isMonitor, Object lock, Runnable task) {
        ReentrantLock other = lock instanceof ReentrantLock reentrant ? reentrant : null;
        return () -> {
            if (isMonitor) {
                synchronized (lock) {
                    task.run();
                }
            } else {
                other.lock();
                try {
                    task.run();
                } finally {
                    other.unlock();
                }
            }
        };
    }

    /** On a busy machine a class loader, or the log, may be somebody's for long. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAStrangerHasIsWaitedFor(boolean isMonitor) throws Exception {
        Object lock = new ReentrantLock();
        AtomicBoolean hasHadIt = new AtomicBoolean();
        Actor actor = start(within(isMonitor, lock, () -> hasHadIt.set(true)));
        CountDownLatch isHeld = new CountDownLatch(1);
        Thread stranger = new Thread(within(isMonitor, lock, () -> {
            isHeld.countDown();
            for (int looks = 0; looks < 200; ) {
                LockSupport.parkNanos(50_000); // as often as the director looks; it may look a little oftener
                looks += isWaiting(actor) ? 1 : 0;
            }
        }));
        stranger.start();
        isHeld.await();
        actors.goOn(actor);
        assertThat(hasHadIt).isTrue();
        assertThat(actors.areSomeBlocked()).isFalse();
        stranger.join();
    }

    private static boolean isWaiting(Actor actor) {
        return actor.getState() == Thread.State.BLOCKED
                || actor.getState() == Thread.State.WAITING && LockSupport.getBlocker(actor) != actor;
    }

    /** Who is next is for the lock to say. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAnotherOneHasIsNotWaitedForAndGoesToOneWhenItIsLeft(boolean isMonitor) {
        Object lock = new ReentrantLock();
        List<String> had = Collections.synchronizedList(new ArrayList<>());
        Runnable enter = within(isMonitor, lock, () -> {
            had.add(Thread.currentThread().getName());
            Actors.point();
        });
        Actor first = start(enter);
        actors.goOn(first);
        actors.goOn(start(enter));
        actors.goOn(start(enter));
        assertThat(had).containsExactly("actor-1");
        assertThat(actors.describeBlocked()).contains("actor-2 waits", "actor-3 waits");
        actors.goOn(first);
        assertThat(had).hasSize(2);
        assertThat(actors.describeBlocked()).containsOnlyOnce(" waits").doesNotContain(had.get(1));
        actors.goOn(actors.ready().get(0));
        assertThat(had).containsExactlyInAnyOrder("actor-1", "actor-2", "actor-3");
        assertThat(actors.areSomeBlocked()).isFalse();
    }
}
