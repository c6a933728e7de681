package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SystemdTest {
    private final LinkedBlockingQueue<List<String>> said = new LinkedBlockingQueue<>();

    private List<String> next() throws InterruptedException {
        List<String> next = said.poll(60, TimeUnit.SECONDS);
        assertThat(next).as("a message within a minute").isNotNull();
        return next;
    }

    @Test
    void whatIsSaid() throws InterruptedException {
        Systemd systemd = Systemd.of(Map.of(), said::add);
        systemd.ready("listening at\n127.0.0.1:8888");
        assertThat(next()).containsExactly("READY=1", "STATUS=listening at 127.0.0.1:8888");
        long before = System.nanoTime() / 1_000;
        systemd.reloading("reading certificates");
        List<String> reloading = next();
        assertThat(reloading.get(0)).isEqualTo("RELOADING=1");
        assertThat(Long.parseLong(reloading.get(1).replace("MONOTONIC_USEC=", "")))
                .isBetween(before, System.nanoTime() / 1_000);
        systemd.stopping("draining");
        systemd.close();
        assertThat(said).containsExactly(List.of("STOPPING=1", "STATUS=draining"));
    }

    /** A signal may come at any time, also to a server that is at its end. */
    @Test
    void whoIsStoppingIsNotReadyAgain() {
        Systemd systemd = Systemd.of(Map.of(), said::add);
        systemd.stopping("draining");
        systemd.reloading("reading certificates");
        systemd.ready("here");
        systemd.close();
        assertThat(said).containsExactly(List.of("STOPPING=1", "STATUS=draining"));
    }

    @Test
    void withoutASocketNothingIsDone() {
        Systemd systemd = Systemd.of(Map.of("WATCHDOG_USEC", "1000000"));
        systemd.ready("here");
        assertThat(systemd.beatEvery()).isZero();
        systemd.close();
    }

    @Test
    void theWatchdogHearsTwiceInEachOfItsTimes() throws InterruptedException {
        Systemd systemd = Systemd.of(Map.of("WATCHDOG_USEC", "10000000"), said::add);
        assertThat(systemd.beatEvery()).isEqualTo(Duration.ofSeconds(5));
        for (int i = 0; i < 3; i++) {
            systemd.beat();
            assertThat(next()).containsExactly("WATCHDOG=1");
        }
    }

    @Test
    void aSlowSystemdIsToldOnceAtATime() throws Exception {
        CountDownLatch heard = new CountDownLatch(1);
        Systemd systemd = Systemd.of(Map.of("WATCHDOG_USEC", "2"), message -> {
            said.add(message);
            heard.await();
        });
        systemd.beat();
        assertThat(next()).containsExactly("WATCHDOG=1");
        for (int i = 0; i < 100; i++) {
            systemd.beat();
        }
        heard.countDown();
        systemd.close();
        assertThat(said).containsExactly(List.of("WATCHDOG=1")); // what waited meanwhile
    }

    @Test
    void anotherProcesssWatchdogIsNotOurs() {
        Systemd systemd = Systemd.of(Map.of("WATCHDOG_USEC", "1000000", "WATCHDOG_PID", "1"), said::add);
        assertThat(systemd.beatEvery()).isZero();
    }
}
