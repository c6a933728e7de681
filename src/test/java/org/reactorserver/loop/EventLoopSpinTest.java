package org.reactorserver.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.SelectionKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.helper.LoopByHand;

/** What must not spin: interrupts, and a selector that returns without a reason. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventLoopSpinTest extends LoopByHand {
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
