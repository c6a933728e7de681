package org.reactorserver.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.helper.LoopByHand;

/** What a pass has no time for, and that nothing of it is forgotten. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventLoopQuantumTest extends LoopByHand {
    private static final int CHECKED = 8; // pollables with little to do, between two looks at the clock

    /** Takes so long to be ready and to settle. */
    private final class Slow extends Reader {
        private final long nanos;
        private final boolean isBulk;

        Slow(String name, long nanos, boolean isBulk) throws IOException {
            super(name);
            this.nanos = nanos;
            this.isBulk = isBulk;
        }

        @Override
        public boolean isBulk() {
            return isBulk;
        }

        @Override
        public void onReady(int readyOps) throws IOException {
            super.onReady(readyOps);
            now += nanos;
        }

        @Override
        public void onSettle() throws IOException {
            super.onSettle();
            now += nanos;
        }
    }

    private void slow(int count, long nanos, boolean isBulk) throws IOException {
        for (int i = 0; i < count; i++) {
            new Slow(isBulk ? "bulk" : "prompt", nanos, isBulk).ready();
        }
    }

    private long passes(String event) throws IOException {
        loop.pass();
        long count = events.stream().filter(event::equals).count();
        events.clear();
        return count;
    }

    @Test
    void bulkThatTakesTheWholeQuantumHasOneTurnAPass() throws Exception {
        loop.setQuantum(100);
        slow(3, 100, true);
        assertThat(passes("bulk ready")).isEqualTo(1);
        assertThat(passes("bulk ready")).isEqualTo(1);
        assertThat(passes("bulk ready")).isEqualTo(1);
        assertThat(observer.slept).as("as long as one was left over").containsExactly(true, false, false);
    }

    @Test
    void bulkThatTakesLessHasMoreTurns() throws Exception {
        loop.setQuantum(100);
        slow(5, 34, true);
        assertThat(passes("bulk ready")).isEqualTo(3);
        assertThat(passes("bulk ready")).isEqualTo(2);
    }

    @Test
    void theClockIsLookedAtBeforeEveryEighthOfThoseWithLittle() throws Exception {
        loop.setQuantum(100);
        slow(2 * CHECKED + 1, 100, false);
        assertThat(passes("prompt ready")).isEqualTo(CHECKED);
        assertThat(passes("prompt ready")).isEqualTo(CHECKED);
        assertThat(passes("prompt ready")).isEqualTo(1);
    }

    @Test
    void whatSettlesIsBoundedToo() throws Exception {
        loop.setQuantum(100);
        Slow one = new Slow("one", 100, true);
        Slow other = new Slow("other", 100, true);
        loop.touch(one);
        loop.touch(other);
        loop.pass();
        assertThat(events).containsExactly("one settled");
        loop.pass();
        assertThat(events).containsExactly("one settled", "other settled");
    }

    @Test
    void withoutAQuantumNothingIsLeftOver() throws Exception {
        slow(3 * CHECKED, 1_000_000, false);
        slow(3, 1_000_000, true);
        loop.pass();
        assertThat(events).hasSize(3 * CHECKED + 3);
    }

    @Test
    void whatTheLastPassHasNoTimeForIsSettledBeforeTheEnd() throws Exception {
        loop.setQuantum(0);
        Slow one = new Slow("one", 1, true);
        Slow other = new Slow("other", 1, true);
        loop.execute(() -> {
            loop.touch(one);
            loop.touch(other);
            loop.stop();
        });
        loop.stop();
        assertThat(runInThread().get(10, TimeUnit.SECONDS)).isNull();
        assertThat(events).contains("one settled", "other settled");
    }
}
