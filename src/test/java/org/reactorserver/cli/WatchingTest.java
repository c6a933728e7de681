package org.reactorserver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.reactorserver.CloseReason;
import org.reactorserver.PauseReason;
import org.reactorserver.ServerObserver;
import org.reactorserver.Session;
import org.reactorserver.SessionState;

/** How the transcript and the trace put what happens. */
class WatchingTest {
    private static final Session SESSION = session(7, new InetSocketAddress("127.0.0.1", 43_072));

    private static List<String> printed(
            Function<LinePrinter, ServerObserver> observer, Consumer<ServerObserver> events) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, false, UTF_8);
        try (LinePrinter printer = new LinePrinter("test", out, Integer.MAX_VALUE)) {
            events.accept(observer.apply(printer));
        }
        return bytes.toString(UTF_8).lines().toList();
    }

    private static Trace plain(LinePrinter printer) {
        return new Trace(printer, TraceLayout.PLAIN);
    }

    private static void everything(ServerObserver observer) {
        observer.passBegan();
        observer.sleeps(0);
        observer.sleeps(490);
        observer.selected(1, true);
        observer.selected(2, false);
        observer.keyReady(0, SelectionKey.OP_ACCEPT);
        observer.keyReady(7, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        observer.letterDelivered(7);
        observer.letterDelivered(0);
        observer.timerFired(7, 12_345);
        observer.passEnded(56_789);
        observer.connected(SESSION);
        observer.acceptedNone();
        observer.acceptFailed(new IOException("Too many open files"), 100);
        observer.refused(SESSION.peer(), CloseReason.TOO_MANY_CONNECTIONS);
        observer.read(SESSION, 1);
        observer.received(SESSION, "客户端1\r\n\u001b[2J");
        observer.handedOff(1, 1);
        observer.handedOff(3, 2);
        observer.taken(SESSION);
        observer.handled(SESSION, 1_234_567);
        observer.released(SESSION, 1, 2_000_000);
        observer.queued(SESSION, "收到");
        observer.wokenUp();
        observer.written(SESSION, 21, 1);
        observer.written(SESSION, 42, 2);
        observer.selectorReplaced();
        observer.writeBlocked(SESSION, 4_096);
        observer.interestChanged(SESSION, SelectionKey.OP_WRITE, PauseReason.REPLIES_WAITING);
        observer.interestChanged(SESSION, SelectionKey.OP_READ, null);
        observer.interestChanged(SESSION, 0, PauseReason.ENDING);
        observer.deadlinePassed(SESSION, "write");
        observer.stateChanged(SESSION, SessionState.LINGERING);
        observer.closed(SESSION, CloseReason.END_OF_STREAM);
    }

    @Test
    void theTranscript() {
        assertThat(printed(Transcript::new, WatchingTest::everything))
                .containsExactly(
                        "+ 7 127.0.0.1:43072 connected",
                        "! 127.0.0.1:43072 turned away: too many connections",
                        "< 7 127.0.0.1:43072 客户端1\\r\\n\\u001b[2J",
                        "- 7 127.0.0.1:43072 closed: end of stream");
    }

    @Test
    void theTrace() {
        String thread = Thread.currentThread().getName();
        assertThat(printed(WatchingTest::plain, WatchingTest::everything))
                .allSatisfy(line -> assertThat(line).matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{6} \\[" + thread + "] .*"))
                .extracting(line -> line.substring(line.indexOf(']') + 2))
                .containsExactly(
                        "select … (sleeps)",
                        "select … (sleeps, 490 ms at most)",
                        "select → 1 key",
                        "select, without waiting → 2 keys",
                        "ready to accept",
                        "session 7: ready to read and write",
                        "session 7: letter delivered",
                        "letter delivered",
                        "session 7: timer fired, 12 µs late",
                        "pass over, 56 µs",
                        "accept → 127.0.0.1:43072, session 7",
                        "accept → null: no connection pending",
                        "accept failed: java.io.IOException: Too many open files; again in 100 ms",
                        "accept → 127.0.0.1:43072, turned away: too many connections",
                        "session 7: read 1 byte",
                        "session 7: decoded \"客户端1\\r\\n\\u001b[2J\"",
                        "hand-off: 1 session, 1 worker started",
                        "hand-off: 3 sessions, 2 workers started",
                        "session 7: taken",
                        "session 7: handled in 1234 µs",
                        "session 7: released after 1 message",
                        "session 7: reply queued",
                        "wakes the selector",
                        "session 7: wrote 21 bytes, 1 reply",
                        "session 7: wrote 42 bytes, 2 replies",
                        "the selector was replaced",
                        "session 7: the peer has not taken all; 4096 bytes of replies wait",
                        "session 7: waits to write; not read: its peer does not read its replies",
                        "session 7: waits to read",
                        "session 7: waits for nothing; not read: it is about to end",
                        "session 7: the write deadline has passed",
                        "session 7: is LINGERING",
                        "session 7: closed: end of stream");
    }

    @Test
    void whoHasNoIpAddressIsShownToo() {
        Session session = session(7, UnixDomainSocketAddress.of("/run/client"));
        Consumer<ServerObserver> events = observer -> {
            observer.connected(session);
            observer.refused(session.remoteAddress(), CloseReason.TOO_MANY_CONNECTIONS);
            observer.received(session, "hello");
            observer.closed(session, CloseReason.END_OF_STREAM);
        };
        assertThat(printed(Transcript::new, events))
                .containsExactly(
                        "+ 7 unix:/run/client connected",
                        "! unix:/run/client turned away: too many connections",
                        "< 7 unix:/run/client hello",
                        "- 7 unix:/run/client closed: end of stream");
        assertThat(printed(WatchingTest::plain, events))
                .anyMatch(line -> line.endsWith("accept → unix:/run/client, session 7"))
                .anyMatch(line -> line.endsWith("accept → unix:/run/client, turned away: too many connections"));
    }

    /** Knows who it is, and nothing else. */
    private static Session session(long id, SocketAddress remoteAddress) {
        return (Session) Proxy.newProxyInstance(
                Session.class.getClassLoader(),
                new Class<?>[] {Session.class},
                (proxy, method, values) -> switch (method.getName()) {
                    case "id" -> id;
                    case "remoteAddress" -> remoteAddress;
                    case "closedFor" -> null;
                    case "peer" -> remoteAddress instanceof InetSocketAddress address ? address : null;
                    default -> throw new AssertionError("nobody needs " + method.getName());
                });
    }
}
