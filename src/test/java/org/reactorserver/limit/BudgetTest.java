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

/** Who pays when memory runs short, and who does not. */
class BudgetTest {
    private static final long LIMIT = 100;

    private final List<String> events = new ArrayList<>();
    private EventLoop loop;
    private Budget budget;
    private long counted; // what the one holder was last said to hold
    private long holds; // what it holds

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
        loop = new EventLoop(SelectorProvider.provider(), () -> 0, observer);
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
        holds = 0;
        count();
        return true;
    }

    private void hold(long bytes) {
        holds = bytes;
        count();
    }

    @Test
    void theLargestHolderIsEndedFarAboveTheLimit() throws IOException {
        hold(2 * LIMIT);
        loop.pass();
        assertThat(events).containsExactly("ended", "relieved");
    }

    /** It was written, or handled, in the very pass in which the time was up, and is not accounted for yet. */
    @Test
    void whatHasLeftInTheSamePassIsBlamedOnNobody() throws IOException {
        hold(2 * LIMIT);
        holds = 0;
        loop.pass();
        assertThat(events).isNotEmpty().containsOnly("relieved");
        assertThat(budget.used()).isZero();
        assertThat(budget.allowance()).isEqualTo(Long.MAX_VALUE);
    }
}
