package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactorserver.framing.Framing;

/** A reply that is announced is waited for: by a half-closed client, the idle timeout and a drain. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HoldTest {
    private final List<Session.Hold> holds = new ArrayList<>();

    private ReactorServer.Builder late() {
        return HandRun.lines((session, message) -> {
            if (message.equals("late")) {
                holds.add(session.hold());
            } else {
                session.send(message);
            }
        });
    }

    private void answer(HandRun server, String text) {
        assertThat(server.session(0).send(text)).isTrue();
        holds.remove(0).release();
    }

    @Test
    void aClientThatHasEndedItsStreamGetsTheReply() throws Exception {
        try (HandRun server = new HandRun(late());
                TestClient client = server.connect()) {
            client.send("late\nlate\n").endOutput();
            server.until("held", () -> holds.size() == 2);
            server.advance(Duration.ofMinutes(10));
            assertThat(server.reason(1)).isNull();
            answer(server, "one");
            assertThat(server.line(client)).isEqualTo("one");
            server.advance(Duration.ofMinutes(10));
            assertThat(server.reason(1)).isNull();
            answer(server, "two");
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.END_OF_STREAM);
            assertThat(client.rest()).isEqualTo("two\n");
        }
    }

    @Test
    void whoIsWorkedForIsNotIdle() throws Exception {
        Duration idle = Duration.ofSeconds(10);
        try (HandRun server = new HandRun(late().idleTimeout(idle));
                TestClient client = server.connect()) {
            client.send("late\n");
            server.until("held", () -> holds.size() == 1);
            server.advance(idle.multipliedBy(10));
            assertThat(server.reason(1)).isNull();
            answer(server, "at last");
            assertThat(server.line(client)).isEqualTo("at last");
            server.settle();
            server.advance(idle);
            client.rest();
            client.leave();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.IDLE_TIMEOUT);
        }
    }

    @Test
    void aDrainWaitsForIt() throws Exception {
        try (HandRun server = new HandRun(late());
                TestClient client = server.connect()) {
            client.send("late\n");
            server.until("held", () -> holds.size() == 1);
            server.drain(Duration.ofSeconds(10));
            server.advance(Duration.ofSeconds(9));
            assertThat(server.reason(1)).isNull();
            answer(server, "just in time");
            assertThat(server.line(client)).isEqualTo("just in time");
            client.rest();
            client.leave();
            server.until("closed", server::isDrained);
            DrainReport report = server.report();
            assertThat(report.isClean()).as("%s", report).isTrue();
            assertThat(report.repliesFlushed()).isOne();
        }
    }

    @Test
    void whatIsStillHeldAtTheEndOfADrainIsCutOff() throws Exception {
        try (HandRun server = new HandRun(late());
                TestClient client = server.connect()) {
            client.send("late\n");
            server.until("held", () -> holds.size() == 1);
            server.drain(Duration.ofSeconds(10));
            server.advance(Duration.ofSeconds(10));
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.DRAIN_TIMEOUT);
            assertThat(server.session(0).send("too late")).isFalse();
            holds.get(0).release();
            assertThat(server.report().isClean()).isFalse();
        }
    }

    /** Twice, from any thread, and after the end: nothing is given back that was not taken. */
    @Test
    void toReleaseTwiceIsToReleaseOnce() throws Exception {
        try (HandRun server = new HandRun(late());
                TestClient client = server.connect()) {
            client.send("late\nlate\n").endOutput();
            server.until("held", () -> holds.size() == 2);
            Session.Hold first = holds.get(0);
            first.release();
            CompletableFuture.runAsync(first::release, task -> new Thread(task).start())
                    .get(30, TimeUnit.SECONDS);
            first.close();
            server.settle();
            assertThat(server.reason(1)).isNull();
            holds.get(1).close();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.END_OF_STREAM);
            holds.get(1).release();
            server.session(0).hold().release();
            server.settle();
            assertThat(client.rest()).isEmpty();
        }
    }

    /** What was released is written, though the release came first to the loop's notice. */
    @ParameterizedTest
    @MethodSource("org.reactorserver.Place#all")
    void noLateReplyIsLost(Place place) throws Exception {
        ScheduledExecutorService others = Executors.newScheduledThreadPool(2);
        Executor soon = task -> others.schedule(task, 1, TimeUnit.MILLISECONDS);
        MessageHandler handler = (session, message) -> {
            Session.Hold hold = session.hold();
            soon.execute(() -> {
                session.send(message);
                hold.release();
            });
        };
        try (ReactorServer server = place.in(ReactorServer.builder(Framing.lines()))
                .port(0)
                .handler(handler)
                .start()) {
            for (int i = 0; i < 200; i++) {
                try (TestClient client = TestClient.of(server)) {
                    client.send("one\ntwo\nthree\n").endOutput();
                    assertThat(client.rest().lines()).containsExactlyInAnyOrder("one", "two", "three");
                }
            }
        } finally {
            others.shutdownNow();
        }
    }

    @Test
    void aLostSessionIsNotKeptByAHold() throws Exception {
        try (HandRun server = new HandRun(late());
                TestClient client = server.connect()) {
            client.send("late\n");
            server.until("held", () -> holds.size() == 1);
            client.reset();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.CONNECTION_LOST);
            assertThat(server.stats().open()).isZero();
            assertThat(server.session(0).send("in vain")).isFalse();
            holds.get(0).release();
        }
    }

    @Test
    void whoHoldsAsManyRequestsAsItMayIsNotHandledFurther() throws Exception {
        try (HandRun server = new HandRun(late().maxHeldPerSession(2));
                TestClient client = server.connect()) {
            client.send("late\nlate\nlate\n");
            server.settle();
            assertThat(holds).hasSize(2);
            answer(server, "one");
            server.until("the third is held", () -> holds.size() == 2);
        }
    }

    @Test
    void whenAllHoldAsManyAsTheyMayWhoHoldsSomeWaits() throws Exception {
        try (HandRun server = new HandRun(late().maxHeld(2));
                TestClient first = server.connect();
                TestClient second = server.connect()) {
            first.send("late\n");
            server.until("held", () -> holds.size() == 1);
            second.send("late\nlate\n");
            server.settle();
            assertThat(holds).hasSize(2);
            holds.remove(1).release(); // its own
            server.until("the third is held", () -> holds.size() == 2);
        }
    }
}
