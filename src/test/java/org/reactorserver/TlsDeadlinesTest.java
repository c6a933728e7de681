package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.testkit.net.FakeNetwork;
import org.reactorserver.testkit.net.World;

/** The timeouts over TLS, which holds output, and has some of its own; to the nanosecond of a clock that is moved. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsDeadlinesTest {
    private static final Duration TICK = Duration.ofNanos(1);
    private static final Duration WRITE = Duration.ofSeconds(30); // the default
    private static final int ROOM = 1_000;

    private final FakeNetwork network = new FakeNetwork(new World() {});

    private HandRun open(ReactorServer.Builder builder) throws Exception {
        return new HandRun(TlsPeer.on(network, builder));
    }

    /** Each message is answered by a line of such a length. */
    private HandRun openThatSends(int length) throws Exception {
        return open(HandRun.lines((session, message) -> session.send("x".repeat(length))));
    }

    /** A peer that is served, with room for so much on its way to it. */
    private TlsPeer serve(HandRun server, int room) throws Exception {
        TlsPeer peer = new TlsPeer(network, "127.0.0.2", room).greet(server).finish();
        takeAll(peer, server);
        return peer;
    }

    /** A peer that is served, and has not taken the handshake's last record, which has 107 bytes: a ticket. */
    private TlsPeer serveUpToTheTicket(HandRun server, int room) throws Exception {
        TlsPeer peer = new TlsPeer(network, "127.0.0.2", room).greet(server);
        takeAll(peer, server);
        peer.finish();
        server.until("served", () -> server.witness.connected.size() == 1);
        return peer;
    }

    private static void takeAll(TlsPeer peer, HandRun server) throws Exception {
        for (int i = 0; i < 10; i++) {
            peer.take();
            server.settle();
        }
    }

    /** Just then, and not before. */
    private static void assertEndsByWriteTimeout(HandRun server, CloseReason reason) throws Exception {
        server.settle();
        server.advance(WRITE.minus(TICK));
        assertThat(server.reason(1)).as("something is held").isNull();
        server.advance(TICK);
        assertThat(server.reason(1)).isEqualTo(reason);
    }

    /** It takes some as the server reads, and not as it writes: what the server reads is to be answered first. */
    @Test
    void whoTakesSomeAsItIsReadHasItsTimeAnew() throws Exception {
        try (HandRun server = openThatSends(10_000)) {
            TlsPeer peer = serve(server, ROOM);
            peer.send("go\n");
            server.settle();
            server.leap(WRITE.dividedBy(2));
            peer.update().take();
            assertEndsByWriteTimeout(server, CloseReason.WRITE_TIMEOUT);
        }
    }

    /** What its transport holds is no longer in the outbox, and did not get there all the same. */
    @Test
    void whoDoesNotTakeAnEncryptedReplyHasNotEndedInOrder() throws Exception {
        try (HandRun server = openThatSends(10_000)) {
            serve(server, ROOM).send("x\n").end();
            assertEndsByWriteTimeout(server, CloseReason.WRITE_TIMEOUT);
        }
    }

    /** It has taken the reply, and then no longer what its transport had to say. */
    @Test
    void whoTookAllRepliesHasEndedInOrderThoughItTakesNoMore() throws Exception {
        int length = 1_500;
        try (HandRun server = openThatSends(length)) {
            TlsPeer peer = serve(server, ROOM).send("x\n");
            server.settle();
            int rest = length + 1 + TlsPeer.OVERHEAD - ROOM;
            peer.update().take(rest + 1); // the reply leaves as the update is read, whose answer has no room
            server.settle();
            server.session(0).close();
            assertEndsByWriteTimeout(server, CloseReason.CLOSED_BY_APPLICATION);
        }
    }

    /** It is the end of its stream alone that waits to be taken; all was answered. */
    @Test
    void whoDoesNotTakeTheEndIsNotWaitedForForEver() throws Exception {
        try (HandRun server = open(HandRun.echo())) {
            serveUpToTheTicket(server, 110); // there is room for it, and none behind it
            server.session(0).close();
            assertEndsByWriteTimeout(server, CloseReason.CLOSED_BY_APPLICATION);
        }
    }

    /** There is room for the reply, and none behind it for the notice that nothing follows. */
    @Test
    void whoDoesNotTakeTheEndIsNotWaitedForAnyLonger() throws Exception {
        ReactorServer.Builder builder = HandRun.lines((session, message) -> {
            session.send("x".repeat(ROOM - 1 - TlsPeer.OVERHEAD));
            session.close();
        });
        try (HandRun server = open(builder)) {
            serve(server, ROOM).send("x\n");
            server.settle();
            assertThat(server.stats().replyBytesWaiting()).isZero();
            assertEndsByWriteTimeout(server, CloseReason.CLOSED_BY_APPLICATION);
        }
    }

    /** Its last message is at work still: it was not answered, as the end of its stream would have it. */
    @Test
    void whoIsCutOffBeforeAllIsHandledHasNotEndedInOrder() throws Exception {
        try (HandRun server = open(HandRun.echo())) {
            serveUpToTheTicket(server, 100).send("at work\n").end();
            server.workersWork = false;
            server.settle();
            assertThat(server.stats().messagesRead()).isOne();
            assertEndsByWriteTimeout(server, CloseReason.WRITE_TIMEOUT);
        }
    }

    /** The loop was late, and it is an answer of the protocol's own that keeps it from reading. */
    @ParameterizedTest
    @ValueSource(strings = {"", "begun "})
    void whoseMessageStandsBehindSomethingThatHasToBeAnsweredFirstIsNotLate(String begun) throws Exception {
        Duration limit = Duration.ofSeconds(1);
        try (HandRun server = open(HandRun.echo().readIdleTimeout(limit).messageTimeout(limit))) {
            TlsPeer peer = serve(server, 100).send(begun);
            server.settle();
            server.leap(limit);
            peer.update().send("x\n");
            server.settle();
            assertThat(server.stats().messagesRead())
                    .as("the answer is in the way")
                    .isZero();
            takeAll(peer, server);
            assertThat(server.witness.received).containsExactly(begun + "x");
            assertThat(server.reason(1)).isNull();
        }
    }
}
