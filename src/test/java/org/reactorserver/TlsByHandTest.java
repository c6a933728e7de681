package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.engine.Engine;
import org.reactorserver.engine.EngineProbe;
import org.reactorserver.sim.FakeTls;
import org.reactorserver.testkit.net.FakeNetwork;
import org.reactorserver.testkit.net.Wire;
import org.reactorserver.testkit.net.World;

/** TLS whose network, clock and tasks are in the hands of the test. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsByHandTest {
    private final Witness witness = new Witness();
    private final FakeNetwork network = new FakeNetwork(new World() {});
    private long now = Long.MAX_VALUE - 1_000;
    private Engine engine;

    private void start(ReactorServer.Builder builder, Executor tasks) throws Exception {
        engine = EngineProbe.engine(
                TlsPeer.on(network, builder)
                        .port(0)
                        .clock(() -> now)
                        .observer(witness)
                        .executor(Runnable::run, 1)
                        .settings(),
                tasks);
    }

    private void passes(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            engine.loop().execute(() -> {});
            engine.loop().pass();
        }
    }

    private Wire connect(int capacity) throws Exception {
        Wire wire = new Wire(new InetSocketAddress("127.0.0.2", 10_000), 5_000, capacity);
        assertThat(network.listeners().get(0).offer(wire)).isTrue();
        return wire;
    }

    private static void put(Wire wire, byte[] bytes) throws Exception {
        wire.peer.write(ByteBuffer.wrap(bytes), bytes.length);
        wire.peer.transfer(bytes.length);
    }

    /** It is the server's own threads that are late with the handshake. */
    @Test
    void whoWaitsForTheServersOwnTaskIsNotLate() throws Exception {
        ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        start(HandRun.echo().handshakeTimeout(Duration.ofSeconds(10)), tasks::add);
        Wire wire = connect(5_000);
        put(wire, FakeTls.record(FakeTls.HANDSHAKE, FakeTls.HELLO, 0, false));
        passes(5);
        assertThat(tasks).hasSize(1);
        now += Duration.ofSeconds(10).toNanos(); // as when the whole process has stood still
        passes(5);
        assertThat(witness.refused).isEmpty();
        tasks.remove().run();
        passes(5);
        now += Duration.ofSeconds(10).toNanos() - 1;
        passes(5);
        assertThat(witness.refused).as("only what comes behind the task counts").isEmpty();
        now += 1;
        passes(5);
        assertThat(witness.refused).containsExactly(CloseReason.ARRIVAL_TIMEOUT);
    }

    /** There is no thread for a handshake; as with workers, that is no reason to die. */
    @Test
    void withoutAThreadForAHandshakeTheServerGoesOn() throws Exception {
        start(HandRun.echo(), task -> {
            throw new OutOfMemoryError("unable to create native thread (said by a test)");
        });
        Wire wire = connect(5_000);
        put(wire, FakeTls.record(FakeTls.HANDSHAKE, FakeTls.HELLO, 0, false));
        assertThatCode(() -> passes(5)).doesNotThrowAnyException();
    }

    /** What has come from one whose handshake was refused is read at the end of lingering. */
    @Test
    void theAlertIsNotDestroyedByWhatCameBehindIt() throws Exception {
        start(HandRun.echo().lingerTimeout(Duration.ofSeconds(5)), Runnable::run);
        Wire wire = connect(500_000);
        put(wire, FakeTls.record(FakeTls.HANDSHAKE, FakeTls.HELLO, 0, false));
        passes(5);
        put(wire, FakeTls.record(FakeTls.HANDSHAKE, FakeTls.HELLO, 1, true));
        passes(5);
        assertThat(witness.refused).isEmpty(); // lingers
        put(wire, new byte[200_000]);
        now += Duration.ofSeconds(5).toNanos();
        passes(5);
        assertThat(witness.refused).containsExactly(CloseReason.HANDSHAKE_FAILED);
        assertThat(wire.server.isClosed()).isTrue();
        assertThat(wire.peer.isReset()).isFalse();
    }

    /**
     * A task that throws an Error, as for want of memory in a trust manager. The JDK's engines then say NEED_TASK
     * and have no task, if a record had more than one message, as that with a client's certificate has.
     */
    @Test
    void aTaskThatFailsIsNotTriedForEver() throws Exception {
        World failing = new World() {
            @Override
            public void pause() {
                throw new OutOfMemoryError("said by a test");
            }
        };
        ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        engine = EngineProbe.engine(
                HandRun.echo()
                        .selectorProvider(network)
                        .tls(FakeTls.afterTrial(FakeTls.context(true, failing)))
                        .port(0)
                        .clock(() -> now)
                        .observer(witness)
                        .executor(Runnable::run, 1)
                        .settings(),
                tasks::add);
        Wire wire = connect(5_000);
        put(wire, FakeTls.record(FakeTls.HANDSHAKE, FakeTls.HELLO, 0, false));
        int count = 0;
        for (int i = 0; i < 100; i++) {
            passes(1);
            while (!tasks.isEmpty()) {
                count++;
                try {
                    tasks.remove().run();
                } catch (Error e) {
                    // the pool's thread ends by it
                }
            }
        }
        assertThat(count).isLessThan(5);
    }

    private Wire established(ReactorServer.Builder builder) throws Exception {
        start(builder, Runnable::run);
        Wire wire = connect(5_000);
        put(wire, FakeTls.record(FakeTls.HANDSHAKE, FakeTls.HELLO, 0, false));
        passes(5);
        put(wire, FakeTls.record(FakeTls.HANDSHAKE, FakeTls.FINISHED, 1, true));
        passes(5);
        assertThat(witness.connected).hasSize(1);
        return wire;
    }

    /** Whose bytes arrive, if only slowly, is not idle; the rest of a record is what is missing. */
    @Test
    void whoseRecordArrivesSlowlyIsNotIdle() throws Exception {
        Wire wire = established(HandRun.echo()
                .idleTimeout(Duration.ofSeconds(10))
                .messageTimeout(Duration.ZERO)
                .lingerTimeout(Duration.ZERO));
        byte[] record = FakeTls.record(FakeTls.DATA, "a line of thirty characters...\n".getBytes(), 2, true);
        for (byte each : record) {
            put(wire, new byte[] {each});
            passes(3);
            assertThat(witness.closed).isEmpty();
            now += Duration.ofSeconds(1).toNanos();
        }
        passes(3);
        assertThat(witness.received).hasSize(1);
    }

    /** The start of a record is the start of a message. */
    @Test
    void theRestOfARecordIsAwaitedAsLongAsThatOfAMessage() throws Exception {
        Wire wire = established(
                HandRun.echo().messageTimeout(Duration.ofSeconds(10)).lingerTimeout(Duration.ZERO));
        byte[] record = FakeTls.record(FakeTls.DATA, "a line of thirty characters...\n".getBytes(), 2, true);
        put(wire, java.util.Arrays.copyOf(record, 20));
        passes(3);
        now += Duration.ofDays(1).toNanos();
        passes(5);
        assertThat(witness.closed).hasSize(1);
    }

    /** However long ago the last message came. */
    @Test
    void theRestOfARecordIsAwaitedFromItsStart() throws Exception {
        Wire wire = established(HandRun.echo().messageTimeout(Duration.ofSeconds(10)));
        put(wire, FakeTls.record(FakeTls.DATA, "first\n".getBytes(), 2, true));
        passes(5);
        now += Duration.ofSeconds(9).toNanos();
        byte[] record = FakeTls.record(FakeTls.DATA, "second\n".getBytes(), 3, true);
        put(wire, java.util.Arrays.copyOf(record, 8));
        passes(5);
        now += Duration.ofSeconds(9).toNanos();
        passes(5);
        put(wire, java.util.Arrays.copyOfRange(record, 8, record.length));
        passes(5);
        assertThat(witness.received).containsExactly("first", "second");
    }

    /** It is the reply that finds it out: what is left of the input has to be decoded before more is read. */
    @Test
    void whyAReplyCannotBeSentIsWhyTheSessionEnds() throws Exception {
        ReactorServer.Builder builder = HandRun.lines((session, message) -> {
                    session.send(message);
                    session.close();
                })
                .laneLimit(1);
        Wire wire = established(builder);
        put(wire, FakeTls.record(FakeTls.DATA, "x\ny\n".getBytes(), 2, true));
        put(wire, FakeTls.record(FakeTls.DATA, "forged\n".getBytes(), 99, true));
        passes(5);
        assertThat(witness.received).containsExactly("x");
        assertThat(witness.closed).containsEntry(1L, CloseReason.TLS_FAILED);
    }

    /** There is room for two that arrive. */
    @Test
    void whoHasSpokenOnItsArrivalDoesNotGiveWayToTheSilent() throws Exception {
        start(HandRun.echo().maxConnections(2), Runnable::run);
        Wire speaking = connect(5_000);
        put(speaking, FakeTls.record(FakeTls.HANDSHAKE, FakeTls.HELLO, 0, false));
        passes(5);
        Wire silent = connect(5_000);
        passes(5);
        connect(5_000);
        passes(5);
        assertThat(witness.refused).containsExactly(CloseReason.ARRIVAL_OVERTAKEN);
        assertThat(silent.server.isClosed()).isTrue();
        assertThat(speaking.server.isClosed()).isFalse();
    }

    /** Who has sent half a record is in the middle of a message, and has the time of the last call. */
    @Test
    void whoHasSentHalfARecordIsNotBetweenTwoMessages() throws Exception {
        Wire wire = established(HandRun.echo().lingerTimeout(Duration.ofSeconds(5)));
        put(wire, FakeTls.record(FakeTls.DATA, "first\n".getBytes(), 2, true));
        passes(5);
        byte[] record = FakeTls.record(FakeTls.DATA, "second\n".getBytes(), 3, true);
        put(wire, java.util.Arrays.copyOf(record, 8));
        passes(5);
        engine.drain(Duration.ofSeconds(10));
        passes(5);
        put(wire, java.util.Arrays.copyOfRange(record, 8, record.length)); // well within the second of the last call
        passes(5);
        assertThat(witness.received).containsExactly("first", "second");
    }

    /** The same in clear, for comparison. */
    @Test
    void whoHasSentHalfALineIsNotBetweenTwoMessages() throws Exception {
        engine = new Engine(HandRun.echo()
                .selectorProvider(network)
                .port(0)
                .clock(() -> now)
                .observer(witness)
                .executor(Runnable::run, 1)
                .settings());
        Wire wire = connect(5_000);
        put(wire, "first\n".getBytes());
        passes(5);
        put(wire, "sec".getBytes());
        passes(5);
        engine.drain(Duration.ofSeconds(10));
        passes(5);
        put(wire, "ond\n".getBytes());
        passes(5);
        assertThat(witness.received).containsExactly("first", "second");
    }

    /** The look at the files of the keys, every ten seconds, needs a thread too. */
    @Test
    void withoutAThreadToLookAtTheKeysTheServerGoesOn() throws Exception {
        start(HandRun.echo(), task -> {
            throw new OutOfMemoryError("unable to create native thread (said by a test)");
        });
        now += Duration.ofSeconds(10).toNanos();
        try (Captured log = new Captured()) {
            assertThatCode(() -> passes(5)).doesNotThrowAnyException();
            assertThat(log.lines("the keys are not read again: there is no thread for it"))
                    .hasSize(1);
        }
    }
}
