package org.reactorserver.cli;

import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.reactorserver.CloseReason;
import org.reactorserver.PauseReason;
import org.reactorserver.ServerObserver;
import org.reactorserver.Session;
import org.reactorserver.SessionState;
import org.reactorserver.text.Addresses;
import org.reactorserver.text.Printable;

/**
 * Every step of the loop and of the workers as it happens, each with the time, which is the log's, and the
 * name of the thread, so that a reader sees the one selector thread and the workers take turns.
 */
final class Trace implements ServerObserver {
    private final LinePrinter printer;
    private final TraceLayout layout;
    private final Instant start = Instant.now();
    private final long startNanos = System.nanoTime(); // unlike the system's clock it never goes back
    private long passes; // selector thread

    Trace(LinePrinter printer, TraceLayout layout) {
        this.printer = printer;
        this.layout = layout;
    }

    private void say(Supplier<String> text) {
        say("", text);
    }

    private void say(String of, Supplier<String> text) {
        String thread = Thread.currentThread().getName();
        Instant time = start.plusNanos(System.nanoTime() - startNanos);
        printer.print(of, () -> layout.line(time, thread, text.get()));
    }

    /** A step of a session, of which a line that waits must not keep all. */
    private void say(Session session, String of, Supplier<String> text) {
        long id = session.id();
        say(of, () -> "session " + id + ": " + text.get());
    }

    /** A step of the session of this number; 0 is of none. */
    private void say(long number, Supplier<String> text) {
        say(() -> (number == 0 ? "" : "session " + number + ": ") + text.get());
    }

    private static String ops(int ops) {
        List<String> words = new ArrayList<>();
        addIf((ops & SelectionKey.OP_ACCEPT) != 0, "accept", words);
        addIf((ops & SelectionKey.OP_READ) != 0, "read", words);
        addIf((ops & SelectionKey.OP_WRITE) != 0, "write", words);
        return String.join(" and ", words);
    }

    private static void addIf(boolean isSo, String word, List<String> words) {
        if (isSo) {
            words.add(word);
        }
    }

    private void say(Session session, Supplier<String> text) {
        say(session, "", text);
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private static String repliesText(int number) {
        return number == 1 ? "1 reply" : number + " replies";
    }

    @Override
    public void passBegan() {
        String rule = layout.rule(++passes);
        if (rule != null) {
            printer.print(() -> rule);
        }
    }

    @Override
    public void sleeps(long millis) {
        say(() -> millis == 0 ? "select … (sleeps)" : "select … (sleeps, " + millis + " ms at most)");
    }

    @Override
    public void selected(int keys, boolean slept) {
        say(() -> (slept ? "select → " : "select, without waiting → ") + count(keys, "key"));
    }

    @Override
    public void keyReady(long number, int readyOps) {
        say(number, () -> "ready to " + ops(readyOps));
    }

    @Override
    public void letterDelivered(long number) {
        say(number, () -> "letter delivered");
    }

    @Override
    public void timerFired(long number, long lateNanos) {
        say(number, () -> "timer fired, " + lateNanos / 1_000 + " µs late");
    }

    @Override
    public void passEnded(long nanos) {
        say(() -> "pass over, " + nanos / 1_000 + " µs");
    }

    @Override
    public void writeBlocked(Session session, long waiting) {
        say(session, () -> "the peer has not taken all; " + count(waiting, "byte") + " of replies wait");
    }

    @Override
    public void interestChanged(Session session, int ops, PauseReason pause) {
        say(
                session,
                () -> (ops == 0 ? "waits for nothing" : "waits to " + ops(ops))
                        + (pause == null ? "" : "; not read: " + pause));
    }

    @Override
    public void deadlinePassed(Session session, String deadline) {
        say(session, () -> "the " + deadline + " deadline has passed");
    }

    @Override
    public void stateChanged(Session session, SessionState state) {
        say(session, () -> "is " + state);
    }

    @Override
    public void released(Session session, int messages, long sinceReady) {
        say(session, () -> "released after " + count(messages, "message"));
    }

    @Override
    public void wokenUp() {
        say(() -> "wakes the selector");
    }

    @Override
    public void selectorReplaced() {
        say(() -> "the selector was replaced");
    }

    @Override
    public void connected(Session session) {
        SocketAddress peer = session.remoteAddress();
        long id = session.id();
        say(() -> "accept → " + Addresses.text(peer) + ", session " + id);
    }

    @Override
    public void acceptedNone() {
        say(() -> "accept → null: no connection pending");
    }

    @Override
    public void acceptFailed(Exception cause, long retryMillis) {
        say(() -> "accept failed: " + cause + "; again in " + retryMillis + " ms");
    }

    @Override
    public void refused(SocketAddress peer, CloseReason reason) {
        say(() -> "accept → " + Addresses.text(peer) + ", turned away: " + reason);
    }

    @Override
    public void read(Session session, int bytes) {
        say(session, () -> "read " + count(bytes, "byte"));
    }

    @Override
    public void received(Session session, String message) {
        say(session, message, () -> "decoded \"" + Printable.escape(message) + '"');
    }

    @Override
    public void handedOff(int sessions, int workersStarted) {
        say(() -> "hand-off: " + count(sessions, "session") + ", " + count(workersStarted, "worker") + " started");
    }

    @Override
    public void taken(Session session) {
        say(session, () -> "taken");
    }

    @Override
    public void handled(Session session, long nanos) {
        say(session, () -> "handled in " + nanos / 1_000 + " µs");
    }

    @Override
    public void queued(Session session, String message) {
        say(session, () -> "reply queued");
    }

    @Override
    public void written(Session session, int bytes, int messages) {
        say(session, () -> "wrote " + count(bytes, "byte") + ", " + repliesText(messages));
    }

    @Override
    public void closed(Session session, CloseReason reason) {
        say(session, () -> "closed: " + reason);
    }
}
