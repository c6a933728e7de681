package org.reactorserver.crossing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactorserver.loop.LoopProbe;
import org.reactorserver.loop.Timers;
import org.reactorserver.text.Log;
import org.slf4j.event.Level;

/** The hand-off to the workers, whose turns run here when the test says so, by a clock that it sets. */
class HandOffTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final long LOOK = 10 * MILLI;
    private static final long LOOK_PER_TURN = MILLI / 100;

    private final Timers timers = LoopProbe.timers();
    private final ArrayDeque<Runnable> turns = new ArrayDeque<>();
    private final List<String> handedOff = new ArrayList<>();
    private final List<Long> handled = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private long now = 7 * SECOND;
    private boolean refuses;
    private Workers workers = workers(2);

    /** What a session does when a worker comes to it. */
    private interface Handling {
        long at(long began);
    }

    private final class Session implements Job {
        private final long id;
        private final Handling handling;
        private int flushed;

        Session(long id, Handling handling) {
            this.id = id;
            this.handling = handling;
        }

        @Override
        public long run(long began) {
            handled.add(id);
            return handling.at(began);
        }

        @Override
        public void flush() {
            flushed++;
        }

        @Override
        public long id() {
            return id;
        }
    }

    @BeforeEach
    void collectTheLog() {
        Log.to(new Log.Sink() {
            @Override
            public boolean takes(Level level) {
                return level == Level.WARN || level == Level.ERROR;
            }

            @Override
            public void write(Level level, String text, Throwable cause) {
                log.add(text + (cause == null ? "" : ": " + cause.getMessage()));
            }
        });
    }

    @AfterEach
    void leaveTheLog() {
        log();
        Log.to(null);
    }

    private Workers workers(int parallelism) {
        return new Workers(
                task -> {
                    if (refuses) {
                        throw new RejectedExecutionException("no thread");
                    }
                    turns.add(task);
                },
                parallelism,
                (sessions, started) -> handedOff.add(sessions + " to " + started),
                () -> now,
                timers);
    }

    private List<String> log() {
        Log.flush(Duration.ofSeconds(30));
        return log;
    }

    private void advance(long nanos) {
        now += nanos;
        LoopProbe.runDue(timers, now);
    }

    private Session quick(long id) {
        return new Session(id, began -> began);
    }

    private void handOff(Job... sessions) {
        for (Job session : sessions) {
            workers.add(session, 1);
        }
        workers.handOff();
    }

    private void runAll() {
        while (!turns.isEmpty()) {
            turns.remove().run();
        }
    }

    @Test
    void whatWeighsMoreThanALittleIsHandledBehindTheRest() {
        workers.add(quick(1), Message.BULK + 1);
        workers.add(quick(2), Message.BULK);
        assertThat(workers.isPending()).isTrue();
        workers.handOff();
        assertThat(workers.isPending()).isFalse();
        runAll();
        assertThat(handled).containsExactly(2L, 1L);
    }

    @Test
    void asManyTurnsAreStartedAsThereAreSessionsAndCanRunAtATime() {
        handOff(quick(1));
        handOff(quick(2), quick(3));
        assertThat(handedOff).containsExactly("1 to 1", "2 to 1");
        assertThat(turns).hasSize(2);
        assertThat(workers.busy()).isEqualTo(2);
        runAll();
        assertThat(handled).containsExactly(1L, 2L, 3L);
        assertThat(workers.busy()).isZero();
    }

    @Test
    void aTurnThatIsOverIsStartedAgainInsteadOfANewOne() {
        int atATime = 70;
        workers = workers(atATime);
        Set<Runnable> before = new HashSet<>();
        for (int round = 0; round < 2; round++) {
            for (int id = 0; id < atATime; id++) {
                workers.add(quick(id), 1);
            }
            workers.handOff();
            assertThat(turns).hasSize(atATime);
            Set<Runnable> all = new HashSet<>(turns);
            all.removeAll(before);
            assertThat(all).as("new ones in round %d", round).hasSize(round == 0 ? atATime : atATime - 64);
            before.addAll(turns);
            runAll();
        }
    }

    @Test
    void theMoreTurnsAreOutTheLaterIsTheNextLook() {
        handOff(quick(1), quick(2));
        assertThat(workers.watch.deadline() - now).isEqualTo(LOOK + 2 * LOOK_PER_TURN);
        runAll();
        advance(SECOND);
        assertThat(workers.watch.isArmed()).as("when all turns are over").isFalse();
    }

    @Test
    void eachSessionBeginsWhenTheOneBeforeItEnds() {
        List<Long> begins = new ArrayList<>();
        Handling takesAMilli = began -> {
            begins.add(began - 7 * SECOND);
            return began + MILLI;
        };
        workers = workers(1);
        handOff(new Session(1, takesAMilli), new Session(2, takesAMilli), new Session(3, takesAMilli));
        runAll();
        assertThat(begins).containsExactly(0L, MILLI, 2 * MILLI);
    }

    @Test
    void aSessionThatThrowsIsLoggedAndTheNextOneHasItsTurn() {
        List<Long> begins = new ArrayList<>();
        workers = workers(1);
        handOff(
                new Session(1, began -> {
                    now += SECOND;
                    throw new IllegalStateException("oh");
                }),
                new Session(2, began -> {
                    begins.add(began);
                    return began;
                }));
        runAll();
        assertThat(begins).containsExactly(now);
        assertThat(log()).containsExactly("a session failed: oh");
        assertThat(workers.busy()).isZero();
    }

    @Test
    void whoIsAtWorkIsShownAndOnlyThen() {
        List<String> shown = new ArrayList<>();
        workers = workers(1);
        assertThat(workers.isCaller()).isFalse();
        handOff(new Session(5, began -> {
            assertThat(workers.isCaller()).isTrue();
            assertThat(workers.running()).isEqualTo(1);
            workers.forEachRunning((worker, session, since) ->
                    shown.add(worker.getName() + " at " + session + " since " + (since - 7 * SECOND)));
            return began;
        }));
        assertThat(workers.running()).as("before the turn has begun").isZero();
        workers.forEachRunning((worker, session, since) -> shown.add("too early"));
        runAll();
        assertThat(workers.isCaller()).isFalse();
        assertThat(workers.running()).isZero();
        workers.forEachRunning((worker, session, since) -> shown.add("too late"));
        assertThat(shown).containsExactly(Thread.currentThread().getName() + " at 5 since 0");
    }

    @Test
    void whoIsAtWorkIsInterruptedAndNobodyElse() {
        List<Boolean> interrupted = new ArrayList<>();
        workers = workers(1);
        handOff(new Session(5, began -> {
            workers.interrupt();
            interrupted.add(Thread.currentThread().isInterrupted());
            return began;
        }));
        workers.interrupt(); // a turn that has no thread yet
        runAll();
        assertThat(interrupted).containsExactly(true);
        assertThat(Thread.currentThread().isInterrupted())
                .as("when its turn is over")
                .isFalse();
        workers.interrupt();
        assertThat(Thread.interrupted()).as("by an interrupt of others").isFalse();
    }

    @Test
    void whatAHandlerHasSentLeavesAtTheNextLook() {
        workers = workers(1);
        Session[] slow = new Session[1];
        slow[0] = new Session(5, began -> {
            advance(LOOK + LOOK_PER_TURN - 1);
            assertThat(slow[0].flushed).isZero();
            advance(1);
            assertThat(slow[0].flushed).isEqualTo(1);
            return now;
        });
        handOff(slow[0]);
        runAll();
        advance(SECOND);
        assertThat(slow[0].flushed).as("when it is over").isEqualTo(1);
    }

    @Test
    void aHandlerThatIsStuckIsLoggedOnceWithTheTopOfItsStack() {
        workers = workers(1);
        handOff(new Session(5, began -> {
            advance(2 * SECOND);
            assertThat(log()).isEmpty();
            advance(SECOND);
            advance(SECOND);
            log(); // its stack is taken by the thread that logs
            return now;
        }));
        runAll();
        assertThat(log()).hasSize(1);
        List<String> lines = log().get(0).lines().toList();
        assertThat(lines.get(0))
                .isEqualTo(Thread.currentThread().getName() + " has been busy with session 5 for 3 s; it is at");
        assertThat(lines.subList(1, lines.size()))
                .hasSize(8)
                .allSatisfy(line -> assertThat(line).startsWith("    at "));
    }

    @Test
    void sessionsWaitForAWorkerThatCannotBeStarted() {
        refuses = true;
        handOff(quick(1));
        assertThat(workers.busy()).isZero();
        assertThat(log()).containsExactly("a worker cannot be started: no thread");
        advance(SECOND);
        assertThat(log()).as("it is tried again").hasSize(2);
        refuses = false;
        advance(SECOND);
        runAll();
        assertThat(handled).containsExactly(1L);
        advance(SECOND);
        assertThat(workers.watch.isArmed()).isFalse();
    }

    @Test
    void aServerWithoutAWorkerForFiveSecondsGivesUp() {
        refuses = true;
        handOff(quick(1));
        assertThatCode(() -> advance(5 * SECOND)).doesNotThrowAnyException();
        assertThatThrownBy(() -> advance(SECOND))
                .isInstanceOf(Error.class) // the loop survives exceptions of its timers
                .hasCauseInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void aServerWithoutAWorkerGivesUpAlsoIfSeveralSessionsWait() {
        refuses = true;
        handOff(quick(1), quick(2));
        assertThatCode(() -> advance(5 * SECOND)).doesNotThrowAnyException();
        assertThatThrownBy(() -> advance(SECOND)).hasStackTraceContaining("no thread");
    }

    @Test
    void thoseFiveSecondsBeginAnewWhenAWorkerWasStarted() {
        refuses = true;
        handOff(quick(1));
        advance(3 * SECOND);
        refuses = false;
        advance(SECOND);
        runAll();
        refuses = true;
        handOff(quick(2));
        assertThatCode(() -> advance(4 * SECOND)).doesNotThrowAnyException();
    }

    @Test
    void aServerWithOneWorkerAtWorkDoesNotGiveUp() {
        handOff(quick(1));
        refuses = true;
        handOff(quick(2));
        assertThatCode(() -> advance(9 * SECOND)).doesNotThrowAnyException();
        assertThatCode(() -> handOff(quick(3))).doesNotThrowAnyException();
        runAll();
        assertThat(handled).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aPoolsThreadsKeepNoJvmUp() throws Exception {
        ExecutorService pool = WorkerThreads.pool(1, "here-");
        try {
            Thread thread = pool.submit(Thread::currentThread).get(30, TimeUnit.SECONDS);
            assertThat(thread.getName()).isEqualTo("here-worker-1");
            assertThat(thread.isDaemon()).isTrue();
        } finally {
            pool.shutdownNow();
        }
    }
}
