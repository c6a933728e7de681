package org.reactorserver.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.LoopObserver;
import org.reactorserver.loop.LoopProbe;

/** Who pays when memory runs short, and who does not. */
class BudgetTest {
    private static final long LIMIT = 160;
    private static final long SECOND = 1_000_000_000;

    private final List<String> events = new ArrayList<>();
    private EventLoop loop;
    private Budget budget;
    private long clock;
    private long counted; // what the one holder was last said to hold
    private long holds; // what it holds
    private boolean canEnd = true;

    @BeforeEach
    void open() throws IOException {
        LoopObserver observer = new LoopObserver() {
            @Override
            public void selected(int keys, boolean slept) {}

            @Override
            public void wokenUp() {}

            @Override
            public void selectorReplaced() {}
        };
        loop = new EventLoop(SelectorProvider.provider(), () -> clock, observer);
        budget = new Budget(LIMIT, loop, this::count, this::endLargest, () -> events.add("relieved"));
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private void count() {
        budget.change(counted, counted = holds);
    }

    private boolean endLargest() {
        events.add("ended");
        if (canEnd) {
            holds = 0;
            count();
        }
        return canEnd;
    }

    private void hold(long bytes) {
        holds = bytes;
        count();
    }

    private void passAfter(long nanos) throws IOException {
        clock += nanos;
        loop.execute(() -> {}); // with a timer armed it would sleep, by a clock that stands still
        loop.pass();
    }

    @Test
    void whenTheNeedIsOverNothingIsLookedAtAnyMore() throws IOException {
        hold(LIMIT + 1);
        passAfter(0);
        assertThat(LoopProbe.nextDeadline(loop, clock)).isLessThanOrEqualTo(SECOND);
        hold(0);
        assertThat(events).containsExactly("relieved");
        assertThat(LoopProbe.nextDeadline(loop, clock)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void upToTheLimitEachMayHoldWhatItLikes() throws IOException {
        hold(LIMIT);
        passAfter(2 * SECOND);
        assertThat(budget.isPressed()).isFalse();
        assertThat(budget.allowance()).isEqualTo(Long.MAX_VALUE);
        assertThat(budget.used()).isEqualTo(LIMIT);
        assertThat(events).isEmpty();
    }

    @Test
    void aboveItEachMayHoldItsShare() {
        hold(LIMIT);
        budget.change(0, 1);
        assertThat(budget.isPressed()).isTrue();
        assertThat(budget.allowance()).isEqualTo(LIMIT / 2);
        budget.change(0, 1);
        assertThat(budget.allowance()).isEqualTo(LIMIT / 3);
        budget.change(1, 2);
        assertThat(budget.allowance()).isEqualTo(LIMIT / 3);
        budget.change(2, 0);
        assertThat(budget.allowance()).isEqualTo(LIMIT / 2);
        assertThat(events).isEmpty();
    }

    @Test
    void pressureEndsAnEighthBelowTheLimit() {
        hold(LIMIT + 1);
        hold(LIMIT - LIMIT / 8 + 1);
        assertThat(budget.isPressed()).isTrue();
        hold(LIMIT - LIMIT / 8);
        assertThat(budget.isPressed()).isFalse();
        assertThat(budget.allowance()).isEqualTo(Long.MAX_VALUE);
        hold(LIMIT - LIMIT / 8 + 1);
        assertThat(budget.isPressed()).isFalse();
        assertThat(events).containsExactly("relieved");
    }

    @Test
    void theLargestHolderIsEndedFarAboveTheLimit() throws IOException {
        hold(LIMIT + LIMIT / 4 + 1);
        passAfter(0);
        assertThat(events).containsExactly("ended", "relieved");
    }

    @Test
    void aLittleAboveItIsEndedIfNothingWasFreedForASecond() throws IOException {
        hold(LIMIT + LIMIT / 4);
        passAfter(0);
        passAfter(SECOND - 1);
        assertThat(events).isEmpty();
        passAfter(1);
        assertThat(events).containsExactly("ended", "relieved");
    }

    @Test
    void whoFreesSomethingEachSecondIsLeftAlone() throws IOException {
        hold(LIMIT + 20);
        passAfter(SECOND - 1);
        hold(LIMIT + 19);
        passAfter(1);
        hold(LIMIT + 18);
        passAfter(SECOND);
        assertThat(events).isEmpty();
        passAfter(SECOND);
        assertThat(events).containsExactly("ended", "relieved");
    }

    @Test
    void anOldPressureIsForgottenWhenItIsRelieved() throws IOException {
        hold(LIMIT + 1);
        passAfter(SECOND / 2);
        hold(0);
        hold(LIMIT + 1);
        passAfter(SECOND / 2);
        assertThat(events).containsExactly("relieved");
        passAfter(SECOND / 2);
        assertThat(events).containsExactly("relieved", "ended", "relieved");
    }

    @Test
    void whoRoseFarAboveTheLimitMeanwhileIsEndedAtOnce() throws IOException {
        hold(LIMIT + 1);
        passAfter(0);
        hold(2 * LIMIT);
        passAfter(0);
        assertThat(events).containsExactly("ended", "relieved");
    }

    @Test
    void thereIsASecondBetweenTwoLooksThatDidNotHelp() throws IOException {
        canEnd = false;
        hold(2 * LIMIT);
        passAfter(0);
        passAfter(0);
        passAfter(SECOND - 1);
        assertThat(events).containsExactly("ended");
        passAfter(1);
        assertThat(events).containsExactly("ended", "ended");
    }

    /** It was written, or handled, in the very pass in which the time was up, and is not accounted for yet. */
    @Test
    void whatHasLeftInTheSamePassIsBlamedOnNobody() throws IOException {
        hold(2 * LIMIT);
        holds = 0;
        passAfter(0);
        assertThat(events).isNotEmpty().containsOnly("relieved");
        assertThat(budget.used()).isZero();
        assertThat(budget.allowance()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatIsAtTheLimitWhenTheTimeIsUpIsRelieved() throws IOException {
        hold(LIMIT + 1);
        holds = LIMIT; // not accounted for yet
        passAfter(SECOND);
        assertThat(events).containsExactly("relieved");
        assertThat(budget.isPressed()).isFalse();
    }

    /** Shares that were used up when they were larger come to more than the limit. */
    @Test
    void anEighthAboveItEachMayHoldVeryLittle() {
        Budget large = new Budget(1 << 20, loop, () -> {}, () -> false, () -> {});
        large.change(0, (1 << 20) + (1 << 17));
        large.change(0, 1); // one more than an eighth
        assertThat(large.share()).isEqualTo(1 << 19);
        assertThat(large.allowance()).isEqualTo(Budget.LEAST);
        large.change(1, 0);
        assertThat(large.allowance()).isEqualTo(1 << 20);
    }

    @Test
    void whenAShareGrowsThoseThatPausedLookAgainSoon() throws IOException {
        hold(LIMIT);
        budget.change(0, 1);
        passAfter(SECOND / 2);
        assertThat(events).isEmpty();
        budget.change(0, 1);
        budget.change(1, 0);
        passAfter(SECOND / 10 - 1);
        assertThat(events).isEmpty();
        passAfter(1);
        assertThat(events).containsExactly("relieved");
        passAfter(SECOND / 10);
        assertThat(events).as("once").containsExactly("relieved");
    }
}
