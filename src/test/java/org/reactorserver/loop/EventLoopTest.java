package org.reactorserver.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The loop, run by hand: the test's thread is the loop's, and its clock stands still unless it is moved. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventLoopTest {
    private static final int SPURIOUS_LIMIT = 512;

    private final RecordingProvider provider = new RecordingProvider();
    private final List<Pipe> pipes = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private final Observer observer = new Observer();
    private long now = Long.MAX_VALUE - 1_000; // the time overflows on the way
    private EventLoop loop;

    private static final class Observer implements LoopObserver {
        private final List<Boolean> slept = new ArrayList<>();
        private final AtomicInteger wakeUps = new AtomicInteger(); // counted by any thread
        private int replaced;

        @Override
        public void selected(int keys, boolean hasSlept) {
            slept.add(hasSlept);
        }

        @Override
        public void wokenUp() {
            wakeUps.incrementAndGet();
        }

        @Override
        public void selectorReplaced() {
            replaced++;
        }

        boolean sleptLast() {
            return slept.get(slept.size() - 1);
        }
    }

    /** The reading end of a pipe; notes what happens to it. */
    private class Reader extends Pollable {
        final String name;
        final Pipe pipe;
        SelectionKey key;
        Exception failure;

        Reader(String name) throws IOException {
            this.name = name;
            pipe = provider.openPipe();
            pipes.add(pipe);
            pipe.source().configureBlocking(false);
            loop.register(pipe.source(), SelectionKey.OP_READ, this);
        }

        Reader ready() throws IOException {
            pipe.sink().write(ByteBuffer.allocate(1));
            return this;
        }

        @Override
        public void onRegistered(SelectionKey key) {
            this.key = key;
        }

        @Override
        public void onReady(int readyOps) throws IOException {
            events.add(name + " ready");
            pipe.source().read(ByteBuffer.allocate(100));
        }

        @Override
        public void onSettle() throws IOException {
            events.add(name + " settled");
        }

        @Override
        public void onFailure(Exception cause) {
            events.add(name + " failed");
            failure = cause;
        }
    }

    private Timers.Timer timer(Runnable action) {
        return new Timers.Timer() {
            @Override
            protected void onTimer() {
                action.run();
            }
        };
    }

    @BeforeEach
    void open() throws IOException {
        loop = new EventLoop(provider, () -> now, observer);
    }

    @AfterEach
    void close() throws IOException {
        for (Pipe pipe : pipes) {
            pipe.sink().close();
            pipe.source().close();
        }
        provider.newest().close();
    }

    private void note(String event) {
        loop.execute(() -> events.add(event));
    }

    // ---- the order of things

    @Test
    void aPassGoesFromReadyKeysToHandOffToMailboxToTimersToSettling() throws Exception {
        new Reader("reader") {
            @Override
            public void onReady(int readyOps) throws IOException {
                super.onReady(readyOps);
                loop.touch(this);
            }
        }.ready();
        loop.setHandOff(new HandOff() {
            @Override
            public boolean isPending() {
                return events.equals(List.of("reader ready"));
            }

            @Override
            public void handOff() {
                events.add("hand-off");
            }
        });
        note("task");
        loop.timers().arm(timer(() -> events.add("timer")), now);
        loop.pass();
        assertThat(events).containsExactly("reader ready", "hand-off", "task", "timer", "reader settled");
    }

    @Test
    void tasksRunInTheOrderInWhichTheyWereGiven() throws Exception {
        note("first");
        note("second");
        note("third");
        loop.pass();
        assertThat(events).containsExactly("first", "second", "third");
    }

    @Test
    void aTaskGivenByATaskRunsInTheNextPassWithoutASleepBetween() throws Exception {
        loop.execute(() -> {
            events.add("outer");
            note("inner");
        });
        loop.pass();
        assertThat(events).containsExactly("outer");
        loop.pass();
        assertThat(events).containsExactly("outer", "inner");
        assertThat(observer.slept).containsExactly(false, false);
    }

    @Test
    void aLetterPostedDuringItsOwnDeliveryIsDeliveredAgain() throws Exception {
        Letter letter = new Letter() {
            private int deliveries;

            @Override
            protected void onDelivery() {
                events.add("delivery " + ++deliveries);
                if (deliveries == 1) {
                    loop.post(this);
                }
            }
        };
        loop.post(letter);
        loop.post(letter);
        loop.pass();
        loop.pass();
        assertThat(events).containsExactly("delivery 1", "delivery 2");
    }

    @Test
    void timersFireInOrderWhenTheClockHasReachedThem() throws Exception {
        loop.timers().arm(timer(() -> events.add("late")), now + 2_000);
        loop.timers().arm(timer(() -> events.add("early")), now + 1_500);
        note("task");
        loop.pass();
        assertThat(events).containsExactly("task");
        now += 1_999;
        note("task");
        loop.pass();
        assertThat(events).containsExactly("task", "task", "early");
        now += 1;
        loop.pass();
        assertThat(events).containsExactly("task", "task", "early", "late");
        assertThat(loop.now()).isEqualTo(now);
    }

    @Test
    void aTimerIsSleptForAndEndsTheSleep() throws Exception {
        loop.timers().arm(timer(() -> events.add("timer")), now + 1);
        loop.pass(); // sleeps the millisecond that a nanosecond is rounded up to
        assertThat(observer.sleptLast()).isTrue();
        assertThat(events).isEmpty();
        now++;
        loop.pass();
        assertThat(events).containsExactly("timer");
    }

    @Test
    void aLoopThatFiresPreciselySleepsNoLongerThanUntilTheLastMillisecond() throws Exception {
        loop.firePrecisely();
        loop.timers().arm(timer(() -> events.add("timer")), now + 1_999_999);
        loop.pass(); // sleeps a millisecond, of nearly two
        assertThat(observer.sleptLast()).isTrue();
        now += 1_000_000;
        loop.pass();
        assertThat(observer.sleptLast()).as("within the last millisecond").isFalse();
        assertThat(events).isEmpty();
        now += 999_999;
        loop.pass();
        assertThat(events).containsExactly("timer");
    }

    @Test
    void whoIsTouchedSettlesOnceAndOnlyInThatPass() throws Exception {
        Reader reader = new Reader("reader");
        loop.execute(() -> loop.touch(reader));
        loop.pass();
        assertThat(events).containsExactly("reader settled");
        for (int i = 0; i < 2; i++) { // the loop has two lists of them, and uses them in turn
            note("task");
            loop.pass();
        }
        assertThat(events).containsExactly("reader settled", "task", "task");
    }

    @Test
    void whoIsTouchedWhileSettlingHasHisTurnInTheNextPassWithoutASleepBetween() throws Exception {
        Reader other = new Reader("other");
        Reader reader = new Reader("reader") {
            @Override
            public void onSettle() throws IOException {
                super.onSettle();
                loop.touch(other);
            }
        };
        loop.touch(reader);
        loop.pass();
        assertThat(events).containsExactly("reader settled");
        loop.pass();
        assertThat(events).containsExactly("reader settled", "other settled");
        assertThat(observer.slept).containsExactly(false, false);
    }

    // ---- whoever fails harms himself only

    @Test
    void aPollableThatFailsIsToldSoAndTheOthersHaveTheirTurn() throws Exception {
        IOException checked = new IOException("on ready");
        IllegalStateException unchecked = new IllegalStateException("on ready");
        IllegalStateException onSettle = new IllegalStateException("on settle");
        List<Reader> failing = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            boolean isChecked = i % 2 == 0;
            new Reader("good " + i).ready();
            failing.add(
                    new Reader("bad " + i) {
                        @Override
                        public void onReady(int readyOps) throws IOException {
                            super.onReady(readyOps);
                            if (isChecked) {
                                throw checked;
                            }
                            throw unchecked;
                        }
                    }.ready());
        }
        Reader unsettled = new Reader("unsettled") {
            @Override
            public void onSettle() {
                throw onSettle;
            }
        };
        Reader settled = new Reader("settled");
        loop.touch(unsettled);
        loop.touch(settled);
        loop.pass();
        assertThat(events)
                .contains("good 0 ready", "good 1 ready", "good 2 ready", "good 3 ready")
                .contains("bad 0 failed", "bad 1 failed", "bad 2 failed", "bad 3 failed")
                .contains("settled settled", "unsettled failed")
                .hasSize(4 + 2 * 4 + 2);
        assertThat(failing)
                .extracting(reader -> reader.failure)
                .containsExactly(checked, unchecked, checked, unchecked);
        assertThat(unsettled.failure).isSameAs(onSettle);
    }

    @Test
    void aKeyThatAnotherOneCancelledInTheSamePassIsNoFailure() throws Exception {
        List<Reader> readers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            readers.add(
                    new Reader("reader " + i) {
                        @Override
                        public void onReady(int readyOps) throws IOException {
                            super.onReady(readyOps);
                            readers.get(0).pipe.source().close();
                            readers.get(1).pipe.source().close();
                        }
                    }.ready());
        }
        loop.pass();
        assertThat(events).hasSize(1).first().asString().endsWith("ready");
        note("the loop goes on");
        loop.pass();
        assertThat(events).hasSize(2).contains("the loop goes on");
    }

    @Test
    void aPollableMayMeetACancelledKeyOfItsOwn() throws Exception {
        new Reader("reader") {
            @Override
            public void onReady(int readyOps) throws IOException {
                super.onReady(readyOps);
                throw new CancelledKeyException();
            }
        }.ready();
        loop.pass();
        assertThat(events).containsExactly("reader ready");
    }

    @Test
    void aTaskThatThrowsHarmsNoOtherOne() throws Exception {
        note("before");
        loop.execute(() -> {
            throw new IllegalStateException("a task fails, as this test wants it to");
        });
        note("after");
        loop.pass();
        assertThat(events).containsExactly("before", "after");
    }

    @Test
    void aTimerThatThrowsHarmsNoOtherOne() throws Exception {
        loop.timers()
                .arm(
                        timer(() -> {
                            throw new IllegalStateException("a timer fails, as this test wants it to");
                        }),
                        now - 2);
        loop.timers().arm(timer(() -> events.add("after")), now - 1);
        loop.pass();
        assertThat(events).containsExactly("after");
    }

    // ---- the end

    @Test
    void anErrorEndsTheLoopIsReportedAndClosesWhatIsRegistered() throws Exception {
        Reader reader = new Reader("reader");
        Error error = new OutOfMemoryError("said by a test");
        loop.execute(() -> {
            throw error;
        });
        loop.run(failure -> {
            assertThat(failure).isSameAs(error);
            assertThat(reader.pipe.source().isOpen()).isFalse();
            assertThat(provider.newest().isOpen()).isFalse();
            events.add("ended");
        });
        assertThat(events).containsExactly("ended");
    }

    @Test
    void anErrorOfAPollableOrATimerEndsTheLoopToo() throws Exception {
        Reader reader = new Reader("reader") {
            @Override
            public void onReady(int readyOps) {
                throw new StackOverflowError("said by a test");
            }
        }.ready();
        loop.run(failure -> events.add(failure.toString()));
        assertThat(reader.pipe.source().isOpen()).isFalse();

        loop = new EventLoop(provider, () -> now, observer);
        loop.timers()
                .arm(
                        timer(() -> {
                            throw new AssertionError("of a timer");
                        }),
                        now);
        loop.run(failure -> events.add(failure.toString()));
        assertThat(events)
                .containsExactly(
                        "java.lang.StackOverflowError: said by a test", "java.lang.AssertionError: of a timer");
    }

    @Test
    void stopEndsTheLoopAfterThePassAndReportsNoError() throws Exception {
        Reader reader = new Reader("reader");
        loop.execute(() -> {
            loop.stop();
            loop.touch(reader);
        });
        loop.run(failure -> events.add("ended by " + failure));
        assertThat(events).containsExactly("reader settled", "ended by null");
        assertThat(reader.pipe.source().isOpen()).isFalse();
        assertThat(observer.slept).containsOnly(false);
    }

    @Test
    void postingToALoopThatHasEndedDoesNothing() {
        loop.stop();
        loop.run(failure -> events.add("ended"));
        assertThatCode(() -> {
                    note("too late");
                    loop.stop();
                })
                .doesNotThrowAnyException();
        assertThat(events).containsExactly("ended");
    }

    @Test
    void aVisitorMayCloseWhatItVisits() throws Exception {
        List<Reader> readers = List.of(new Reader("one"), new Reader("two"), new Reader("three"));
        List<Pollable> visited = new ArrayList<>();
        loop.forEach(pollable -> {
            visited.add(pollable);
            ((Reader) pollable).key.cancel();
        });
        assertThat(visited).containsExactlyInAnyOrderElementsOf(readers);
    }

    // ---- sleeping and waking

    @Test
    void theLoopDoesNotSleepWhileAHandOffIsPending() throws Exception {
        List<String> collected = new ArrayList<>();
        loop.setHandOff(new HandOff() {
            @Override
            public boolean isPending() {
                return !collected.isEmpty();
            }

            @Override
            public void handOff() {
                events.addAll(collected);
                collected.clear();
            }
        });
        loop.execute(() -> collected.add("collected behind the hand-off"));
        loop.pass();
        loop.pass();
        assertThat(events).containsExactly("collected behind the hand-off");
        assertThat(observer.slept).containsExactly(false, false);
    }

    @Test
    void theLoopDoesNotSleepOverATimerThatIsDue() throws Exception {
        loop.timers().arm(timer(() -> events.add("timer")), now);
        loop.pass(); // a sleep without end would run into this test's timeout
        assertThat(events).containsExactly("timer");
    }

    @Test
    void nobodyWakesALoopThatIsAwake() throws Exception {
        note("posted to a loop between two passes");
        loop.execute(() -> note("posted from inside"));
        loop.pass();
        loop.pass();
        assertThat(events).hasSize(2);
        assertThat(observer.wakeUps).hasValue(0);
    }

    @Test
    void aLoopIsWokenAtMostOnceAPass() throws Exception {
        CompletableFuture<Throwable> ended = runInThread();
        for (int i = 0; i < 2_000; i++) {
            CountDownLatch delivered = new CountDownLatch(1 + i % 3);
            for (int task = (int) delivered.getCount(); task > 0; task--) {
                loop.execute(delivered::countDown);
            }
            assertThat(delivered.await(10, TimeUnit.SECONDS))
                    .as("task %d ran", i)
                    .isTrue();
        }
        loop.stop();
        assertThat(ended.get(10, TimeUnit.SECONDS)).isNull();
        assertThat(observer.wakeUps.get()).isBetween(1, observer.slept.size());
        assertThat(observer.replaced).isZero();
    }

    private CompletableFuture<Throwable> runInThread() {
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread thread = new Thread(() -> loop.run(ended::complete), "loop of a test");
        thread.setDaemon(true);
        thread.start();
        return ended;
    }

    @Test
    void aThreadIsInTheLoopIfItRunsIt() throws Exception {
        assertThat(loop.inLoop()).isFalse();
        loop.execute(() -> events.add("in loop: " + loop.inLoop()));
        loop.pass();
        CompletableFuture<Boolean> elsewhere = CompletableFuture.supplyAsync(() -> loop.inLoop());
        assertThat(events).containsExactly("in loop: true");
        assertThat(elsewhere.get(10, TimeUnit.SECONDS)).isFalse();
    }

    // ---- what must not spin

    @Test
    void anInterruptEndsOneSleepAndNotEveryOneAfterIt() throws Exception {
        for (int i = 0; i < 3; i++) {
            Thread.currentThread().interrupt();
            loop.pass(); // nothing else would end this sleep
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
        assertThat(observer.slept).containsExactly(true, true, true);
    }

    @Test
    void anInterruptIsNoFaultOfTheSelector() throws Exception {
        spin(SPURIOUS_LIMIT - 1);
        Thread.currentThread().interrupt();
        loop.pass();
        assertThat(observer.replaced).isZero();
    }

    private void spin(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            provider.newest().wakeup(); // and nobody has posted anything
            loop.pass();
        }
    }

    @Test
    void aSelectorThatReturnsAgainAndAgainWithoutAReasonIsReplaced() throws Exception {
        Reader reader = new Reader("reader");
        Reader paused = new Reader("paused");
        paused.key.interestOps(0);
        Reader closed = new Reader("closed");
        SelectionKey before = reader.key;
        spin(SPURIOUS_LIMIT - 1);
        closed.pipe.source().close();
        assertThat(observer.replaced).isZero();
        spin(1);
        assertThat(observer.replaced).isOne();
        assertThat(provider.selectors).hasSize(2);
        assertThat(provider.selectors.get(0).isOpen()).isFalse();
        assertThat(reader.key).isNotSameAs(before);
        assertThat(reader.key.selector()).isSameAs(provider.newest());
        assertThat(reader.key.interestOps()).isEqualTo(SelectionKey.OP_READ);
        assertThat(paused.key.interestOps()).isZero();
        assertThat(provider.newest().keys()).hasSize(2);

        reader.ready();
        paused.ready();
        loop.pass();
        note("task");
        loop.pass();
        assertThat(events).containsExactly("reader ready", "task");
    }

    @Test
    void onlyReturnsInARowAreSuspicious() throws Exception {
        Reader reader = new Reader("reader");
        for (int round = 0; round < 3; round++) {
            spin(SPURIOUS_LIMIT - 1);
            reader.ready();
            loop.pass();
            spin(SPURIOUS_LIMIT - 1);
            loop.timers().arm(timer(() -> {}), now);
            loop.pass();
            spin(SPURIOUS_LIMIT - 1);
            note("task");
            loop.pass();
        }
        assertThat(observer.replaced).isZero();
    }

    @Test
    void aReplacedSelectorIsWokenByPosters() throws Exception {
        spin(SPURIOUS_LIMIT);
        assertThat(observer.replaced).isOne();
        CompletableFuture<Throwable> ended = runInThread();
        for (int i = 0; i < 100; i++) {
            CountDownLatch delivered = new CountDownLatch(1);
            loop.execute(delivered::countDown);
            assertThat(delivered.await(10, TimeUnit.SECONDS)).isTrue();
        }
        loop.stop();
        assertThat(ended.get(10, TimeUnit.SECONDS)).isNull();
    }
}
