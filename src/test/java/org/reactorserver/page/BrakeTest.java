package org.reactorserver.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thread that stands for the loop says what happens, as it is told to, and is held by the brake or is not. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BrakeTest {
    private static final long MILLI = 1_000_000;

    private final AtomicLong real = new AtomicLong();
    private final LinkedBlockingQueue<What> orders = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<What> held = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<What> passed = new LinkedBlockingQueue<>();
    private Brake brake;
    private Thread loop;

    private void start(long paceMillis, boolean isStopping) {
        brake = new Brake(real::get, paceMillis, isStopping);
        brake.setNarrator(happening -> held.add(happening.what()));
        loop = new Thread(() -> {
            brake.isLoop();
            try {
                while (true) {
                    What what = orders.take();
                    brake.at(happening(what));
                    passed.add(what);
                }
            } catch (InterruptedException e) {
                return; // the end
            }
        });
        loop.start();
    }

    private static Happening happening(What what) {
        return new Happening(what, 0, 1, "selector", 0, 0, 0, null);
    }

    @AfterEach
    void end() throws InterruptedException {
        brake.off();
        loop.interrupt();
        loop.join();
    }

    private static What next(LinkedBlockingQueue<What> queue) throws InterruptedException {
        return queue.poll(30, TimeUnit.SECONDS);
    }

    private void order(What... all) {
        orders.addAll(java.util.List.of(all));
    }

    @Test
    void itIsHeldAtTheFirstThingAndThenAtEach() throws Exception {
        start(0, true);
        order(What.SELECT, What.SELECTED);
        assertThat(next(held)).isEqualTo(What.SELECT);
        awaitHeldAt(What.SELECT);
        assertThat(passed).isEmpty();
        brake.letGo(Brake.Until.EVENT);
        assertThat(next(held)).isEqualTo(What.SELECTED);
        assertThat(next(passed)).isEqualTo(What.SELECT);
        awaitHeldAt(What.SELECTED);
        assertThat(brake.state().isStopped()).isTrue();
    }

    @Test
    void itIsLetGoToTheNextStepOrTheNextPass() throws Exception {
        start(0, true);
        order(What.SELECT, What.SELECTED, What.READY_KEYS, What.KEY_READY, What.HAND_OFF, What.SELECT);
        next(held);
        brake.letGo(Brake.Until.STEP);
        assertThat(next(held)).isEqualTo(What.READY_KEYS);
        brake.letGo(Brake.Until.PASS);
        assertThat(next(held)).isEqualTo(What.SELECT);
        assertThat(held).isEmpty();
        assertThat(passed).hasSize(5);
    }

    @Test
    void itIsLetGoUntilItSleepsWhateverElseHappens() throws Exception {
        start(0, false);
        brake.letGo(Brake.Until.SLEEP);
        order(What.TIMERS, What.TIMER, What.PASS_OVER, What.SELECT, What.SLEEPS);
        assertThat(next(held)).isEqualTo(What.SLEEPS);
        awaitHeldAt(What.SLEEPS);
        assertThat(passed).containsExactly(What.TIMERS, What.TIMER, What.PASS_OVER, What.SELECT);
    }

    @Test
    void itsClockStandsStillWhileItIsHeldAndGoesOnWithoutThatTime() throws Exception {
        start(0, true);
        real.set(10 * MILLI);
        order(What.SELECT);
        awaitHeldAt(What.SELECT);
        real.set(5_000 * MILLI);
        assertThat(brake.clock()).isEqualTo(10 * MILLI);
        brake.resume();
        assertThat(next(passed)).isEqualTo(What.SELECT);
        assertThat(brake.clock()).isEqualTo(10 * MILLI);
        real.addAndGet(MILLI);
        assertThat(brake.clock()).isEqualTo(11 * MILLI);
    }

    @Test
    void itIsHeldForTheTimeThatItIsTo() throws Exception {
        start(1_000, false);
        order(What.READ);
        awaitHeldAt(What.READ);
        assertThat(brake.state().isStopped()).isFalse();
        real.set(1_000 * MILLI);
        brake.setPace(1_000); // has it look at the clock
        assertThat(next(passed)).isEqualTo(What.READ);
    }

    @Test
    void whoIsHeldForAWhileCanBeStopped() throws Exception {
        start(1_000, false);
        order(What.READ);
        awaitHeldAt(What.READ);
        brake.stop();
        real.set(60_000 * MILLI);
        brake.setPace(0);
        assertThat(brake.state().isStopped()).isTrue();
        brake.resume();
        assertThat(next(passed)).isEqualTo(What.READ);
    }

    @Test
    void onlyTheLoopIsHeld() throws Exception {
        start(0, true);
        order(What.SELECT);
        awaitHeldAt(What.SELECT);
        brake.at(happening(What.TAKEN));
    }

    @Test
    void nothingIsHeldAnyMoreOnceItIsOff() throws Exception {
        start(60_000, true);
        order(What.SELECT, What.SELECTED);
        awaitHeldAt(What.SELECT);
        brake.off();
        assertThat(next(passed)).isEqualTo(What.SELECT);
        assertThat(next(passed)).isEqualTo(What.SELECTED);
    }

    @Test
    void whoBeginsToTellIsToldWhatItIsHeldAt() throws Exception {
        start(0, true);
        order(What.SELECT);
        awaitHeldAt(What.SELECT);
        LinkedBlockingQueue<What> told = new LinkedBlockingQueue<>();
        brake.setNarrator(happening -> told.add(happening.what()));
        assertThat(told).containsExactly(What.SELECT);
    }

    private void awaitHeldAt(What what) {
        org.reactorserver.helper.Await.until(
                "held at " + what,
                java.time.Duration.ofSeconds(30),
                () -> brake.state().at() != null && brake.state().at().what() == what);
    }
}
