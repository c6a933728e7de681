package org.reactorserver.demo;

import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.reactorserver.DrainReport;
import org.reactorserver.ReactorServer;
import org.reactorserver.demo.Screen.Bar;
import org.reactorserver.framing.Framing;

/** What an orderly shutdown does for messages under way, and what an immediate one costs. */
final class ShutdownDemo implements Demo {
    private static final int WORK_MILLIS = 400;
    private static final int MESSAGES = 3;
    private static final Duration ENOUGH = Duration.ofSeconds(10);

    @Override
    public void show(Screen screen) throws Exception {
        screen.say("shutdown.intro", MESSAGES, WORK_MILLIS);
        Rehearsal.hold();
        int inOrder = run(screen, "shutdown.drain", ENOUGH);
        int atOnce = run(screen, "shutdown.cut", Duration.ZERO);
        screen.say("shutdown.count", MESSAGES);
        screen.chart(
                MESSAGES,
                List.of(
                        new Bar("drain(10 s)", inOrder, String.valueOf(inOrder)),
                        new Bar("drain(0)", atOnce, String.valueOf(atOnce))));
        screen.say("shutdown.end");
        screen.say("shutdown.seen", inOrder, MESSAGES, atOnce);
    }

    /** Returns how many replies came. */
    private static int run(Screen screen, String title, Duration timeout) throws Exception {
        CompletableFuture<Void> handling = new CompletableFuture<>();
        screen.blank();
        screen.say(title);
        try (ReactorServer server = ReactorServer.builder(Framing.lines())
                        .port(0)
                        .workers(1)
                        .handler((session, message) -> {
                            handling.complete(null);
                            TimeUnit.MILLISECONDS.sleep(WORK_MILLIS);
                            session.send("re: " + message);
                        })
                        .start();
                Guest busy = new Guest(server);
                Guest silent = new Guest(server)) {
            for (int i = 1; i <= MESSAGES; i++) {
                busy.send("message " + i + "\n");
            }
            handling.get();
            Stopwatch watch = new Stopwatch();
            CompletableFuture<Integer> replies = Background.call(() -> replies(busy));
            CompletableFuture<Integer> none = Background.call(() -> replies(silent));
            DrainReport report = server.drain(timeout);
            int got = replies.get();
            screen.say("shutdown.replies", got, none.get());
            screen.say("shutdown.took", watch.millis());
            screen.say(
                    "shutdown.report",
                    report.repliesFlushed(),
                    report.messagesDropped(),
                    report.repliesDropped(),
                    report.forced());
            return got;
        }
    }

    /** How many come until the server ends the connection, in order or not; then this side ends it too. */
    private static int replies(Guest guest) throws IOException {
        int count = 0;
        try (guest) {
            while (guest.line() != null) {
                count++;
            }
        } catch (SocketException e) {
            return count; // a reset: it was cut off
        }
        return count;
    }
}
