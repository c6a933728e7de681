package org.reactorserver.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.helper.LoopByHand;

/** What a pass does, in which order, and what sleeps, wakes and must not spin. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventLoopTest extends LoopByHand {
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
    void theObserverIsToldEachStepOfAPass() throws Exception {
        new Reader("reader") {
            @Override
            protected long number() {
                return 7;
            }
        }.ready();
        loop.execute(() -> now += 300);
        loop.timers().arm(timer(() -> now += 40), now - 5);
        loop.pass();
        assertThat(observer.steps).containsExactly("pass", "select 1", "key 7 1", "letter 0", "timer 0 +5", "over 340");
    }

    @Test
    void theObserverIsToldWhichStepBegins() throws Exception {
        List<Step> begun = new ArrayList<>();
        EventLoop other = new EventLoop(provider, () -> now, new LoopObserver() {
            @Override
            public void stepBegan(Step step) {
                begun.add(step);
            }
        });
        other.execute(() -> {});
        other.pass();
        assertThat(begun).containsExactly(Step.values());
    }

    @Test
    void itsRingHasWhatItDid() throws Exception {
        new Reader("reader") {
            @Override
            protected long number() {
                return 7;
            }

            @Override
            public void onReady(int readyOps) throws IOException {
                super.onReady(readyOps);
                loop.touch(this);
            }
        }.ready();
        loop.pass();
        loop.timers().arm(timer(() -> {}), now + 3_000_000);
        loop.execute(() -> loop.timers().arm(timer(() -> {}), now));
        loop.pass();
        loop.pass();
        String[] lines = loop.ring().read().text(now, 9).split("\n");
        assertThat(lines[0]).contains("sleep", "1 key", "ready 7:r", "settle 7", "over");
        assertThat(lines[1]).doesNotContain("sleep").contains("letters -", "timers -");
        assertThat(lines[2]).contains("sleep 3 ms at most");
    }

    /** The clock stands still, so the timer is not due when the sleep is over. */
    @Test
    void theObserverIsToldForHowLongTheLoopSleeps() throws Exception {
        loop.timers().arm(timer(() -> {}), now + 3_000_000);
        loop.pass();
        assertThat(observer.steps).containsExactly("pass", "sleeps 3", "select 0", "over 0");
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

    /** What else the loop has to do is done in between. */
    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aTimerThatIsSetAnewForNowFiresInTheNextPass() throws Exception {
        Timers.Timer again = new Timers.Timer() {
            @Override
            protected void onTimer() {
                events.add("fired");
                loop.timers().arm(this, now);
            }
        };
        loop.timers().arm(again, now);
        loop.pass();
        assertThat(events).containsExactly("fired");
        loop.pass();
        assertThat(events).containsExactly("fired", "fired");
        assertThat(observer.slept).containsExactly(false, false);
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

    @Test
    void aThreadIsInTheLoopIfItRunsIt() throws Exception {
        assertThat(loop.inLoop()).isFalse();
        loop.execute(() -> events.add("in loop: " + loop.inLoop()));
        loop.pass();
        CompletableFuture<Boolean> elsewhere = CompletableFuture.supplyAsync(() -> loop.inLoop());
        assertThat(events).containsExactly("in loop: true");
        assertThat(elsewhere.get(10, TimeUnit.SECONDS)).isFalse();
    }
}
