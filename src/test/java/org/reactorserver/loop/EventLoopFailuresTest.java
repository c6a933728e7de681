package org.reactorserver.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.helper.LoopByHand;

/** A failure affects only what fails; an error ends the loop, and its end is reported. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventLoopFailuresTest extends LoopByHand {
    // ---- a failure affects only what fails

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
}
