package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.testkit.net.FakeNetwork;
import org.reactorserver.testkit.net.World;

/** A kernel that does not accept, and says so, or does not watch what it was asked to, and says nothing. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RefusingKernelTest {
    private static final Duration PROBE = Duration.ofSeconds(30); // also the time for a message, and for a write
    private static final Duration TICK = Duration.ofNanos(1);

    private final Kernel kernel = new Kernel();
    private final FakeNetwork network = new FakeNetwork(kernel);

    private static final class Kernel implements World {
        private boolean isDeaf;
        private IOException acceptFailure;

        @Override
        public boolean isDeaf() {
            return isDeaf;
        }

        @Override
        public IOException acceptFailure(ServerSocketChannel listener) {
            return acceptFailure;
        }
    }

    /** The listener is watched, and what comes from here on is not. */
    private HandRun deafTo(ReactorServer.Builder builder) throws Exception {
        HandRun server = new HandRun(builder.selectorProvider(network));
        server.pass();
        kernel.isDeaf = true;
        return server;
    }

    @Test
    void whoIsNotWatchedIsFoundOnceAndAtTheSecondTimeRefused() throws Exception {
        try (HandRun server = deafTo(HandRun.echo())) {
            WirePeer peer = new WirePeer(network, 5_000).send("first\n");
            server.settle();
            server.advance(PROBE.minus(TICK));
            assertThat(server.witness.received).isEmpty();
            server.advance(TICK);
            assertThat(peer.take()).isEqualTo("first\n");
            peer.send("second\n");
            server.advance(PROBE.minus(TICK));
            assertThat(peer.take()).isEmpty();
            server.advance(TICK);
            assertThat(peer.take()).isEqualTo("second\nerror: " + CloseReason.NOT_SELECTABLE + "\n");
            server.advance(PROBE);
            assertThat(server.reason(1)).isEqualTo(CloseReason.NOT_SELECTABLE);
        }
    }

    @Test
    void whoIsLostUnwatchedIsFoundLost() throws Exception {
        try (HandRun server = deafTo(HandRun.echo())) {
            WirePeer peer = new WirePeer(network, 5_000);
            server.settle();
            peer.wire.peer.abort();
            server.advance(PROBE.minus(TICK));
            assertThat(server.reason(1)).isNull();
            server.advance(TICK);
            assertThat(server.reason(1)).isEqualTo(CloseReason.CONNECTION_LOST);
        }
    }

    @Test
    void whoTakesItsRepliesUnwatchedIsWatchedAnew() throws Exception {
        String large = "x".repeat(999);
        try (HandRun server = deafTo(HandRun.echo())) {
            WirePeer peer = new WirePeer(network, 100);
            server.settle();
            server.session(0).send(large);
            server.settle();
            StringBuilder taken = new StringBuilder(peer.take());
            server.settle();
            assertThat(peer.take()).as("while nobody knows that there is room").isEmpty();
            kernel.isDeaf = false;
            server.advance(PROBE); // within which it took something
            while (taken.length() <= large.length() && peer.wire.server.canTransfer()) {
                taken.append(peer.take());
                server.settle();
            }
            assertThat(taken.toString()).isEqualTo(large + "\n");
        }
    }

    @Test
    void aListenerAtWhichSomebodyIsFoundIsWatchedAnew() throws Exception {
        kernel.isDeaf = true;
        ReactorServer.Builder builder = HandRun.echo().acceptsPerPass(1);
        try (HandRun server = new HandRun(builder.selectorProvider(network))) {
            new WirePeer(network, 5_000);
            new WirePeer(network, 5_000);
            server.settle();
            kernel.isDeaf = false;
            server.advance(Duration.ofSeconds(1).minus(TICK));
            assertThat(server.witness.connected).isEmpty();
            server.advance(TICK);
            assertThat(server.witness.connected)
                    .as("one was found, the other was told of")
                    .hasSize(2);
        }
    }

    /** Its time is up, but it may be the loop that has not come to it: it has its turn, and not before. */
    @Test
    void whoseTurnIsStillToComeIsNotReadByItsAlarm() throws Exception {
        int all = 20;
        int each = 8; // in a pass that has no time
        List<String> passed = new ArrayList<>();
        try (HandRun server = new HandRun(HandRun.echo().selectorProvider(network))) {
            List<WirePeer> peers = new ArrayList<>();
            for (int i = 0; i < all; i++) {
                peers.add(new WirePeer(network, 5_000));
            }
            server.until("they are in", () -> server.witness.connected.size() == all);
            server.settle();
            server.engine().observe(new ServerObserver() {
                @Override
                public void deadlinePassed(Session session, String deadline) {
                    passed.add(deadline);
                }
            });
            for (WirePeer peer : peers) {
                peer.send("x\n");
            }
            server.witness.onRead = () -> server.leap(Duration.ofNanos(300_000));
            server.leap(PROBE);
            server.pass();
            assertThat(server.witness.received).hasSize(each);
            assertThat(passed).hasSize(all - each).containsOnly("message");
            server.pass();
            assertThat(server.witness.received).hasSize(2 * each);
            server.settle();
            assertThat(server.witness.received).hasSize(all);
            assertThat(passed).as("once for each").hasSize(all - each);
        }
    }

    @Test
    void anAcceptThatFailsIsToldOfOnceASecond() throws Exception {
        Duration retry = Duration.ofMillis(100);
        try (Captured log = new Captured();
                HandRun server = new HandRun(HandRun.echo().selectorProvider(network))) {
            new WirePeer(network, 5_000);
            kernel.acceptFailure = new IOException("Too many open files");
            server.settle();
            String told = "accept failed, trying again in 100 ms: java.io.IOException: Too many open files";
            assertThat(log.lines(told)).hasSize(1);
            server.advance(retry);
            assertThat(server.stats().acceptFailures()).isEqualTo(2);
            assertThat(log.lines(told)).as("in the same second").hasSize(1);
            kernel.acceptFailure = null;
            server.advance(retry);
            assertThat(server.witness.connected).hasSize(1);
        }
    }
}
