package org.reactorserver.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the loop asks of its selector about single keys, and what it does with a selector that fails it. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventLoopSelectorTest {
    private static final int SPURIOUS_LIMIT = 512;

    private final RecordingProvider provider = new RecordingProvider();
    private final List<Pipe> pipes = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private int replaced;

    private final LoopObserver observer = new LoopObserver() {
        @Override
        public void selected(int keys, boolean hasSlept) {}

        @Override
        public void wokenUp() {}

        @Override
        public void selectorReplaced() {
            replaced++;
        }
    };

    @AfterEach
    void close() throws IOException {
        for (Pipe pipe : pipes) {
            pipe.sink().close();
            pipe.source().close();
        }
        for (Selector selector : provider.selectors) {
            selector.close();
        }
    }

    private EventLoop loop(LongSupplier clock) throws IOException {
        return new EventLoop(provider, clock, observer);
    }

    /** The reading end of a pipe. */
    private class Reader extends Pollable {
        private final String name;
        private final Pipe pipe;
        private SelectionKey key;

        Reader(String name, EventLoop loop) throws IOException {
            this.name = name;
            pipe = provider.openPipe();
            pipes.add(pipe);
            pipe.source().configureBlocking(false);
            loop.register(pipe.source(), SelectionKey.OP_READ, this);
        }

        void write() throws IOException {
            pipe.sink().write(ByteBuffer.allocate(1));
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
        public void onSettle() {}

        @Override
        public void onFailure(Exception cause) {
            events.add(name + " failed: " + cause.getMessage());
        }
    }

    @Test
    void aKeyIsReadyWhenItsOwnChannelIs() throws IOException {
        EventLoop loop = loop(() -> 0);
        Reader first = new Reader("first", loop);
        Reader second = new Reader("second", loop);
        assertThat(loop.isReady(first.key)).isFalse();
        first.write();
        assertThat(loop.isReady(first.key)).isTrue();
        assertThat(loop.isReady(second.key)).isFalse();
        second.write();
        assertThat(loop.isReady(first.key)).as("also beside another one").isTrue();
        assertThat(loop.isReady(second.key)).isTrue();
    }

    @Test
    void whoAsksWhetherAKeyIsReadyTakesNothingFromTheNextPass() throws IOException {
        EventLoop loop = loop(() -> 0);
        Reader first = new Reader("first", loop);
        Reader second = new Reader("second", loop);
        first.write();
        second.write();
        loop.isReady(first.key);
        loop.pass();
        assertThat(events).containsExactlyInAnyOrder("first ready", "second ready");
    }

    @Test
    void aDeregisteredKeyIsOutOfTheSelectorAtOnceAndTheOthersAreNot() throws IOException {
        EventLoop loop = loop(() -> 0);
        Reader gone = new Reader("gone", loop);
        Reader there = new Reader("there", loop);
        gone.write();
        there.write();
        loop.deregister(gone.key);
        assertThat(gone.key.isValid()).isFalse();
        assertThat(gone.pipe.source().isRegistered()).isFalse();
        assertThat(provider.newest().keys()).containsExactly(there.key);
        loop.pass();
        assertThat(events).containsExactly("there ready");
    }

    @Test
    void aKeyThatIsWatchedAnewHasItsInterestAsBefore() throws IOException {
        EventLoop loop = loop(() -> 0);
        Reader reader = new Reader("reader", loop);
        reader.write();
        loop.watchAnew(reader.key);
        assertThat(reader.key.interestOps()).isEqualTo(SelectionKey.OP_READ);
        loop.pass();
        assertThat(events).containsExactly("reader ready");
    }

    @Test
    void whoCannotBeRegisteredWithTheNewSelectorIsToldSoAndTheOthersAreRegistered() throws IOException {
        EventLoop loop = loop(() -> 0);
        new Reader("bad", loop) {
            private boolean isRegistered;

            @Override
            public void onRegistered(SelectionKey key) {
                if (isRegistered) {
                    throw new IllegalStateException("the second time");
                }
                isRegistered = true;
            }
        };
        List<Reader> good = List.of(new Reader("good", loop), new Reader("good", loop), new Reader("good", loop));
        for (int i = 0; i < SPURIOUS_LIMIT; i++) {
            provider.newest().wakeup(); // and nobody has posted anything
            loop.pass();
        }
        assertThat(replaced).isOne();
        assertThat(events).containsExactly("bad failed: the second time");
        assertThat(good).extracting(reader -> reader.key.selector()).containsOnly(provider.newest());
    }

    @Test
    void aSelectThatLastsUntilTheVeryNanosecondOfADeadlineHadAReason() throws IOException {
        long[] time = new long[1];
        EventLoop loop = loop(() -> time[0]++); // read before the select, and after it
        for (int i = 0; i < SPURIOUS_LIMIT; i++) {
            loop.timers()
                    .arm(
                            new Timers.Timer() {
                                @Override
                                protected void onTimer() {
                                    events.add("timer");
                                }
                            },
                            time[0] + 1);
            provider.newest().wakeup();
            loop.pass();
        }
        assertThat(events).hasSize(SPURIOUS_LIMIT);
        assertThat(replaced).isZero();
    }

    /** As without memory: the one who waits for the end must hear of it. */
    @Test
    void theEndIsReportedEvenWhereClosingFails() throws IOException {
        Error cause = new OutOfMemoryError("in a pass");
        EventLoop loop = failing(() -> {
            throw cause;
        });
        List<Throwable> reported = new ArrayList<>();
        assertThatThrownBy(() -> loop.run(reported::add)).hasMessage("while closing");
        assertThat(reported).containsExactly(cause);
    }

    @Test
    void anOrderlyEndIsReportedEvenWhereClosingFails() throws IOException {
        EventLoop loop = failing(() -> {});
        loop.stop();
        List<Throwable> reported = new ArrayList<>();
        assertThatThrownBy(() -> loop.run(reported::add)).hasMessage("while closing");
        assertThat(reported).hasSize(1).containsOnlyNulls();
    }

    private EventLoop failing(Runnable onSelect) throws IOException {
        RecordingProvider failing = new RecordingProvider() {
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

        FailingSelector(RecordingProvider provider, Runnable onSelect) {
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
