package org.reactorserver.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Timers come in the order of their deadlines, whatever was armed, moved and cancelled before. */
class TimersTest {
    private final Timers timers = new Timers();

    private static final class Silent extends Timers.Timer {
        @Override
        protected void onTimer() {}
    }

    private List<Timers.Timer> pollAllDue(long now) {
        List<Timers.Timer> due = new ArrayList<>();
        for (Timers.Timer timer = timers.pollDue(now); timer != null; timer = timers.pollDue(now)) {
            due.add(timer);
        }
        return due;
    }

    private Timers.Timer armed(long deadline) {
        Timers.Timer timer = new Silent();
        timers.arm(timer, deadline);
        return timer;
    }

    @Test
    void aTimerIsDueAtItsDeadlineAndNotBefore() {
        Timers.Timer timer = armed(100);
        assertThat(timers.untilNext(40)).isEqualTo(60);
        assertThat(timers.pollDue(99)).isNull();
        assertThat(timers.pollDue(100)).isSameAs(timer);
        assertThat(timer.isArmed()).isFalse();
        assertThat(timer.deadline()).isEqualTo(100);
        assertThat(timers.isEmpty()).isTrue();
    }

    @Test
    void theEarliestComesFirst() {
        Timers.Timer last = armed(30);
        Timers.Timer first = armed(10);
        Timers.Timer second = armed(20);
        assertThat(pollAllDue(30)).containsExactly(first, second, last);
    }

    @Test
    void anArmedTimerMovesAndIsNotDoubled() {
        Timers.Timer moved = armed(10);
        Timers.Timer other = armed(20);
        timers.arm(moved, 30);
        assertThat(pollAllDue(25)).containsExactly(other);
        timers.arm(moved, 5);
        assertThat(pollAllDue(25)).containsExactly(moved);
        assertThat(timers.isEmpty()).isTrue();
    }

    @Test
    void aCancelledTimerIsForgottenAndMayBeArmedAgain() {
        Timers.Timer timer = armed(10);
        timers.cancel(timer);
        timers.cancel(timer);
        assertThat(timer.isArmed()).isFalse();
        assertThat(timers.isEmpty()).isTrue();
        timers.arm(timer, 20);
        assertThat(pollAllDue(20)).containsExactly(timer);
    }

    @Test
    void deadlinesAreComparedByDifferenceSinceNanoTimeMayOverflow() {
        long now = Long.MAX_VALUE - 5;
        Timers.Timer behindTheOverflow = armed(now + 10); // a negative number
        Timers.Timer before = armed(now + 1);
        assertThat(behindTheOverflow.deadline()).isNegative();
        assertThat(timers.untilNext(now)).isEqualTo(1);
        assertThat(timers.pollDue(now)).isNull();
        assertThat(timers.pollDue(now + 6)).isSameAs(before);
        assertThat(timers.pollDue(now + 6)).isNull();
        assertThat(timers.untilNext(now + 6)).isEqualTo(4);
        assertThat(timers.pollDue(now + 10)).isSameAs(behindTheOverflow);
    }

    @Test
    void randomUseAgreesWithASortedList() {
        Random random = new Random(20260104);
        List<Timers.Timer> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(new Silent());
        }
        List<Timers.Timer> armed = new ArrayList<>(); // the model
        long now = Long.MAX_VALUE - 50_000; // time overflows on the way
        int fired = 0;
        for (int step = 0; step < 100_000; step++) {
            Timers.Timer timer = all.get(random.nextInt(all.size()));
            switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> {
                    timers.arm(timer, now + random.nextInt(1_000) - 20);
                    armed.remove(timer);
                    armed.add(timer);
                }
                case 4 -> {
                    timers.cancel(timer);
                    armed.remove(timer);
                }
                default -> {
                    now += random.nextInt(10);
                    Timers.Timer due = timers.pollDue(now);
                    fired += due == null ? 0 : 1;
                    assertIsTheEarliest(due, armed, now);
                    armed.remove(due);
                }
            }
            assertThat(timer.isArmed()).isEqualTo(armed.contains(timer));
        }
        assertThat(now).as("the time has overflowed").isNegative();
        assertThat(fired).isGreaterThan(10_000);

        List<Long> left = armed.stream().map(Timers.Timer::deadline).toList();
        assertThat(pollAllDue(now + 1_000))
                .extracting(Timers.Timer::deadline)
                .containsExactlyElementsOf(
                        left.stream().sorted(byDifference(now)).toList());
    }

    private void assertIsTheEarliest(Timers.Timer due, List<Timers.Timer> armed, long now) {
        Long earliest = armed.stream()
                .map(Timers.Timer::deadline)
                .min(byDifference(now))
                .orElse(null);
        if (earliest == null || earliest - now > 0) {
            assertThat(due).isNull();
        } else {
            assertThat(due).isIn(armed);
            assertThat(due.deadline()).isEqualTo(earliest);
        }
    }

    private static Comparator<Long> byDifference(long now) {
        return Comparator.comparingLong(deadline -> deadline - now);
    }

    private List<Timers.Timer> fired(long now) {
        List<Timers.Timer> fired = new ArrayList<>();
        timers.fire(now, fired::add);
        return fired;
    }

    /** What its callback does when it fires. */
    private Timers.Timer doing(long deadline, Runnable what) {
        Timers.Timer timer = new Timers.Timer() {
            @Override
            protected void onTimer() {
                what.run();
            }
        };
        timers.arm(timer, deadline);
        return timer;
    }

    @Test
    void allThatAreDueFireThoughOneIsSetForAnEarlierTimeMeanwhile() {
        Timers.Timer again = armed(10);
        Timers.Timer other = armed(20);
        List<Timers.Timer> fired = new ArrayList<>();
        timers.fire(20, timer -> {
            fired.add(timer);
            timers.arm(again, 1); // earlier than all others
        });
        assertThat(fired).containsExactly(again, other);
        assertThat(again.isArmed()).isTrue();
        assertThat(timers.untilNext(20)).isEqualTo(-19);
        assertThat(fired(20)).containsExactly(again);
        assertThat(timers.isEmpty()).isTrue();
    }

    @Test
    void whatIsSetForTheNextTimeMayBeMovedOrCancelled() {
        Timers.Timer moved = new Silent();
        Timers.Timer cancelled = new Silent();
        Timers.Timer taken = armed(50);
        doing(10, () -> {
            timers.arm(moved, 5);
            timers.arm(moved, 30);
            timers.arm(cancelled, 5);
            timers.cancel(cancelled);
            timers.arm(taken, 5);
        });
        timers.fire(20, Timers.Timer::onTimer);
        assertThat(cancelled.isArmed()).isFalse();
        assertThat(fired(20)).containsExactly(taken);
        assertThat(fired(30)).containsExactly(moved);
        assertThat(timers.isEmpty()).isTrue();
    }

    @Test
    void whatIsSetForTheNextTimeIsSetAlsoIfOneFails() {
        Timers.Timer next = new Silent();
        doing(10, () -> {
            timers.arm(next, 5);
            throw new IllegalStateException("a timer's");
        });
        assertThatThrownBy(() -> timers.fire(10, Timers.Timer::onTimer)).isInstanceOf(IllegalStateException.class);
        assertThat(fired(10)).containsExactly(next);
    }
}
