package org.reactorserver.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactorserver.CloseReason;
import org.reactorserver.Inspection;
import org.reactorserver.Inspection.HandlerAtWork;
import org.reactorserver.PauseReason;
import org.reactorserver.ReactorServer;
import org.reactorserver.ServerStats;
import org.reactorserver.Session;
import org.reactorserver.SessionFacts;
import org.reactorserver.SessionState;
import org.reactorserver.framing.Framing;
import org.reactorserver.metrics.Exposition;
import org.reactorserver.metrics.Metrics;
import org.reactorserver.metrics.Question;
import org.reactorserver.option.Figures;
import org.reactorserver.text.Log;

/** What is said of a server in trouble, of which everything is told: each kind of trouble has its sentence. */
class DoctorTest {
    private static final long SECOND = 1_000_000_000;
    private static final SocketAddress PEER = new InetSocketAddress("192.0.2.7", 4711);

    private final AtomicLong time = new AtomicLong(1_000 * SECOND);
    private final AtomicLong collected = new AtomicLong();
    private final Metrics metrics = new Metrics(new Exposition());
    private final Pulse pulse = new Pulse(time::get, collected::get);
    private final Reserve reserve = new Reserve();
    private final Figures figures = ReactorServer.builder(Framing.lines())
            .workers(2)
            .maxConnections(100)
            .maxConnectionsPerIp(3)
            .figures();
    private final CompletableFuture<Boolean> turns = new CompletableFuture<>();
    private final List<SessionFacts> sessions = new ArrayList<>();
    private final List<HandlerAtWork> handlers = new ArrayList<>();
    private final List<String> keyFaults = new ArrayList<>();
    private final Map<String, Object> stats = new HashMap<>();
    private long inPass;

    @BeforeEach
    void attach() {
        metrics.attach(figures, time::get);
    }

    @AfterEach
    void giveBack() {
        reserve.close();
        Log.wrote(null);
    }

    // -- a server that is whatever is told of it

    /** Answers as told; numbers that were not are zero. */
    private static <T> T fake(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, values) -> {
                    Object zero = method.getReturnType() == int.class
                            ? (Object) 0
                            : method.getReturnType() == long.class ? 0L : null;
                    return answers.getOrDefault(method.getName(), zero);
                }));
    }

    private static Session session(long id) {
        return fake(Session.class, Map.of("id", id, "remoteAddress", PEER));
    }

    private void isThere(long id, SessionState state, Map<String, Object> facts) {
        Map<String, Object> all = new HashMap<>(facts);
        all.put("session", session(id));
        all.put("state", state);
        sessions.add(fake(SessionFacts.class, all));
    }

    private String report() {
        Map<String, Object> answers = new HashMap<>(Map.of(
                "stats",
                fake(ServerStats.class, stats),
                "isStopping",
                false,
                "selectorThread",
                Thread.currentThread(),
                "inPassNanos",
                inPass,
                "keyFaults",
                keyFaults,
                "handlersAtWork",
                CompletableFuture.completedFuture(handlers)));
        return new Doctor(
                        fake(Inspection.class, answers),
                        figures,
                        metrics,
                        time::get,
                        pulse,
                        reserve,
                        new Question<>(() -> turns, Duration.ZERO, Duration.ZERO),
                        new Question<>(
                                () -> CompletableFuture.completedFuture(sessions),
                                Duration.ZERO,
                                Duration.ofSeconds(1)),
                        List.of())
                .report();
    }

    private String reportWhileItTurns() {
        turns.complete(true);
        return report();
    }

    // -- what is said

    @Test
    void nothingIsWrong() {
        stats.put("open", 1);
        stats.put("messagesHandled", 2L);
        assertThat(reportWhileItTurns())
                .isEqualTo("nothing is wrong: 1 session open, 2 messages handled, 0 replies written\n");
    }

    @Test
    void theLoopIsStuckForAsLongAsItsPassTakesAndNotSinceItWasAsked() {
        inPass = 75 * SECOND;
        assertThat(report())
                .startsWith(
                        "the selector thread has not answered for 75 s, and nobody is served; it is at org.reactorserver.");
    }

    @Test
    void noWorkerIsFreeAndSoManyWait() {
        Thread here = Thread.currentThread();
        handlers.add(new HandlerAtWork(here, 1, 2 * SECOND));
        handlers.add(new HandlerAtWork(here, 2, SECOND / 2));
        for (long id = 1; id <= 5; id++) {
            isThere(id, SessionState.OPEN, Map.of("messageBytes", 100L));
        }
        isThere(6, SessionState.OPEN, Map.of());
        assertThat(reportWhileItTurns())
                .contains(" has been in session 1 for 2.0 s at org.reactorserver.")
                .endsWith("no worker is free (--workers 2), and messages of 3 sessions wait\n");
    }

    @Test
    void whoHasTheLockThatAWorkerWaitsForIsNamed() throws Exception {
        Object lock = new Object();
        CountDownLatch begun = new CountDownLatch(1);
        Thread waits = new Thread(
                () -> {
                    begun.countDown();
                    synchronized (lock) {
                        begun.countDown();
                    }
                },
                "worker-2");
        synchronized (lock) {
            waits.start();
            begun.await();
            while (waits.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
            assertThat(Frames.where(waits))
                    .endsWith(", waiting for a lock that "
                            + Thread.currentThread().getName() + " has");
        }
        waits.join();
    }

    @Test
    void sessionsWaitForWorkersThoughNoHandlerIsStuck() {
        metrics.handled(session(3), SECOND / 2);
        metrics.released(session(9), 1, 4 * SECOND);
        assertThat(reportWhileItTurns())
                .isEqualTo(
                        "session 9 waited 3.5 s for a worker in the last minute, while the handler took 0.5 s at most;"
                                + " what helps is a faster handler, or more workers (--workers 2)\n");
        time.addAndGet(60 * SECOND);
        assertThat(report()).startsWith("nothing is wrong");
    }

    @Test
    void aHandlerIsSlowAndNobodyWaitsLongerThanForThat() {
        metrics.handled(session(3), 2 * SECOND);
        metrics.released(session(3), 3, 5 * SECOND);
        assertThat(reportWhileItTurns())
                .isEqualTo("the handler took 2.0 s for a message of session 3 in the last minute\n");
    }

    @Test
    void theProcessDidNotRun() {
        pulse.run();
        time.addAndGet(3 * SECOND);
        pulse.run();
        assertThat(reportWhileItTurns())
                .isEqualTo("the process did not run for 2.9 s in the last minute: it was stopped, or the machine had no"
                        + " processor for it\n");
    }

    @Test
    void theProcessCollectedGarbage() {
        pulse.run();
        time.addAndGet(3 * SECOND);
        collected.addAndGet(2_500);
        pulse.run();
        assertThat(reportWhileItTurns())
                .isEqualTo("the process did not run for 2.9 s in the last minute: it collected garbage; what helps is a"
                        + " larger heap (-Xmx)\n");
    }

    @Test
    void connectionsAreTurnedAwayAndThatIsToldForAMinute() {
        metrics.refused(PEER, CloseReason.TOO_MANY_FROM_ADDRESS);
        metrics.refused(PEER, CloseReason.TOO_MANY_FROM_ADDRESS);
        metrics.closed(session(1), CloseReason.HANDLER_FAILED);
        metrics.closed(session(2), CloseReason.END_OF_STREAM);
        assertThat(reportWhileItTurns().lines())
                .containsExactly(
                        "in the last minute 1 connection ended early: the handler failed (the log has the reason); one of"
                                + " them from 192.0.2.7:4711",
                        "in the last minute 2 connections could not come in: too many connections from this address"
                                + " (--max-connections-per-ip 3); one of them from 192.0.2.7:4711");
        time.addAndGet(60 * SECOND);
        assertThat(report()).startsWith("nothing is wrong");
    }

    @Test
    void sessionsThatAreBeingEndedAreTold() {
        isThere(1, SessionState.DRAINING, Map.of("ending", CloseReason.OUTBOX_FULL, "pause", PauseReason.ENDING));
        assertThat(reportWhileItTurns())
                .matches(
                        "1 connection is being ended: too many replies waiting \\(--outbox-limit \\d+\\); one of them from"
                                + " 192.0.2.7:4711\n");
    }

    @Test
    void manyArriveAtOnce() {
        for (int i = 0; i < 128; i++) {
            isThere(0, SessionState.ARRIVING, Map.of("sinceNanos", i * SECOND / 16));
        }
        assertThat(reportWhileItTurns())
                .isEqualTo("128 connections have not come in yet: a handshake or a PROXY header is not complete, of the"
                        + " longest for 7.9 s; of more than 1024 the one that is silent the longest goes\n");
    }

    @Test
    void certificates() {
        keyFaults.add("server.pem has a certificate that has expired on 2026-01-31; clients will refuse it: renew it");
        assertThat(reportWhileItTurns()).isEqualTo(keyFaults.get(0) + "\n");
    }

    @Test
    void theLogCannotBeWritten() {
        Log.wrote(new IOException("No space left on device"));
        assertThat(reportWhileItTurns())
                .isEqualTo("the log cannot be written, and what it says is lost: No space left on device\n");
    }
}
