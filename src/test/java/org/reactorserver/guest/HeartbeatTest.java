package org.reactorserver.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.LoopObserver;

/** As long as passes are made, and no longer. */
class HeartbeatTest {
    private static final long EVERY = 5_000_000_000L;

    private EventLoop loop;
    private long now;
    private int beats;

    @BeforeEach
    void makeLoop() throws IOException {
        loop = new EventLoop(SelectorProvider.provider(), () -> now, new LoopObserver() {});
    }

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    private void passAfter(long nanos) throws IOException {
        now += nanos;
        loop.execute(() -> {}); // so that the pass does not wait
        loop.pass();
    }

    @Test
    void itBeatsAtOnceAndThenSoOften() throws IOException {
        new Heartbeat(loop, EVERY, () -> beats++).start();
        assertThat(beats).isEqualTo(1);
        for (int i = 2; i < 5; i++) {
            passAfter(EVERY - 1);
            assertThat(beats).isEqualTo(i - 1);
            passAfter(1);
            assertThat(beats).isEqualTo(i);
        }
    }

    @Test
    void afterALongPassItBeatsOnce() throws IOException {
        new Heartbeat(loop, EVERY, () -> beats++).start();
        passAfter(10 * EVERY);
        passAfter(0);
        assertThat(beats).isEqualTo(2);
    }

    @Test
    void aFailureIsNotTheLoopsAndTheNextOneFollows() throws IOException {
        new Heartbeat(loop, EVERY, () -> {
                    beats++;
                    throw new IllegalStateException("on purpose");
                })
                .start();
        passAfter(EVERY);
        assertThat(beats).isEqualTo(2);
    }
}
