package org.reactorserver.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.helper.LoopByHand;
import org.reactorserver.helper.SystemProvider;

/** What the loop asks of its selector about single keys, and what it does with a selector that fails it. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventLoopSelectorTest extends LoopByHand {
    @Test
    void aKeyIsReadyWhenItsOwnChannelIs() throws IOException {
        Reader first = new Reader("first");
        Reader second = new Reader("second");
        assertThat(loop.isReady(first.key)).isFalse();
        first.ready();
        assertThat(loop.isReady(first.key)).isTrue();
        assertThat(loop.isReady(second.key)).isFalse();
        second.ready();
        assertThat(loop.isReady(first.key)).as("also beside another one").isTrue();
        assertThat(loop.isReady(second.key)).isTrue();
    }

    @Test
    void whoAsksWhetherAKeyIsReadyTakesNothingFromTheNextPass() throws IOException {
        Reader first = new Reader("first");
        Reader second = new Reader("second");
        first.ready();
        second.ready();
        loop.isReady(first.key);
        loop.pass();
        assertThat(events).containsExactlyInAnyOrder("first ready", "second ready");
    }

    @Test
    void aDeregisteredKeyIsOutOfTheSelectorAtOnceAndTheOthersAreNot() throws IOException {
        Reader gone = new Reader("gone");
        Reader there = new Reader("there");
        gone.ready();
        there.ready();
        loop.deregister(gone.key);
        assertThat(gone.key.isValid()).isFalse();
        assertThat(gone.pipe.source().isRegistered()).isFalse();
        assertThat(provider.newest().keys()).containsExactly(there.key);
        loop.pass();
        assertThat(events).containsExactly("there ready");
    }

    @Test
    void aKeyThatIsWatchedAnewHasItsInterestAsBefore() throws IOException {
        Reader reader = new Reader("reader");
        reader.ready();
        loop.watchAnew(reader.key);
        assertThat(reader.key.interestOps()).isEqualTo(SelectionKey.OP_READ);
        loop.pass();
        assertThat(events).containsExactly("reader ready");
    }

    @Test
    void whoCannotBeRegisteredWithTheNewSelectorIsToldSoAndTheOthersAreRegistered() throws IOException {
        Reader bad = new Reader("bad") {
            private boolean isRegistered;

            @Override
            public void onRegistered(SelectionKey key) {
                if (isRegistered) {
                    throw new IllegalStateException("the second time");
                }
                isRegistered = true;
            }
        };
        List<Reader> good = List.of(new Reader("good"), new Reader("good"), new Reader("good"));
        spin(SPURIOUS_LIMIT);
        assertThat(observer.replaced).isOne();
        assertThat(events).containsExactly("bad failed");
        assertThat(bad.failure).hasMessage("the second time");
        assertThat(good).extracting(reader -> reader.key.selector()).containsOnly(provider.newest());
    }

    @Test
    void aSelectThatLastsUntilTheVeryNanosecondOfADeadlineHadAReason() throws IOException {
        long[] time = new long[1];
        loop = new EventLoop(provider, () -> time[0]++, observer); // read before the select, and after it
        for (int i = 0; i < SPURIOUS_LIMIT; i++) {
            loop.timers().arm(timer(() -> events.add("timer")), time[0] + 1);
            provider.newest().wakeup();
            loop.pass();
        }
        assertThat(events).hasSize(SPURIOUS_LIMIT);
        assertThat(observer.replaced).isZero();
    }

    /** As without memory: the one who waits for the end must hear of it. */
    @Test
    void theEndIsReportedEvenWhereClosingFails() throws IOException {
        Error cause = new OutOfMemoryError("in a pass");
        loop = failing(() -> {
            throw cause;
        });
        List<Throwable> reported = new ArrayList<>();
        assertThatThrownBy(() -> loop.run(reported::add)).hasMessage("while closing");
        assertThat(reported).containsExactly(cause);
    }

    @Test
    void anOrderlyEndIsReportedEvenWhereClosingFails() throws IOException {
        loop = failing(() -> {});
        loop.stop();
        List<Throwable> reported = new ArrayList<>();
        assertThatThrownBy(() -> loop.run(reported::add)).hasMessage("while closing");
        assertThat(reported).hasSize(1).containsOnlyNulls();
    }

    private EventLoop failing(Runnable onSelect) throws IOException {
        SystemProvider failing = new SystemProvider() {
            @Override
            public AbstractSelector openSelector() {
                return new FailingSelector(this, onSelect);
            }
        };
        return new EventLoop(failing, () -> 0, observer);
    }

    /** Selects nothing, in a way that the test decides, and cannot be asked what to close. */
    private static final class FailingSelector extends AbstractSelector {
        private final Runnable onSelect;

        FailingSelector(SystemProvider provider, Runnable onSelect) {
            super(provider);
            this.onSelect = onSelect;
        }

        @Override
        public Set<SelectionKey> keys() {
            throw new OutOfMemoryError("while closing");
        }

        @Override
        public int select(Consumer<SelectionKey> action, long timeout) {
            return selectNow(action);
        }

        @Override
        public int selectNow(Consumer<SelectionKey> action) {
            onSelect.run();
            return 0;
        }

        @Override
        public Set<SelectionKey> selectedKeys() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int selectNow() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int select(long timeout) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int select() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Selector wakeup() {
            return this;
        }

        @Override
        protected SelectionKey register(AbstractSelectableChannel channel, int ops, Object attachment) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected void implCloseSelector() {}
    }
}
