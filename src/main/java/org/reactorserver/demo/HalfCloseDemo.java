package org.reactorserver.demo;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.reactorserver.CloseReason;
import org.reactorserver.ReactorServer;
import org.reactorserver.ServerObserver;
import org.reactorserver.ServerStats;
import org.reactorserver.Session;
import org.reactorserver.demo.Screen.Bar;
import org.reactorserver.framing.Framing;

/** A client that ends its stream still gets its replies; one that closes the socket does not. */
final class HalfCloseDemo implements Demo {
    private static final int WORK_MILLIS = 250;
    private static final int MESSAGES = 3;

    @Override
    public void show(Screen screen) throws Exception {
        screen.say("half.intro", MESSAGES, WORK_MILLIS);
        Rehearsal.hold();
        int got = withHalfClose(screen);
        withClose(screen);
        screen.say("half.count");
        screen.chart(MESSAGES, List.of(new Bar("shutdownOutput", got, String.valueOf(got)), new Bar("close", 0, "0")));
        screen.say("half.end");
        screen.say("half.seen", got, MESSAGES);
    }

    /** Returns how many replies came. */
    private static int withHalfClose(Screen screen) throws Exception {
        End end = new End();
        try (ReactorServer server = end.serve();
                Guest guest = new Guest(server)) {
            screen.say("half.first");
            Stopwatch watch = new Stopwatch();
            send(guest);
            guest.endOutput();
            screen.say("half.ended", watch.millis());
            int got = 0;
            for (String line = guest.line(); line != null; line = guest.line()) {
                got++;
                screen.say("half.reply", watch.millis(), line);
            }
            screen.say("half.closed", watch.millis(), why(screen, end.reason.get()));
            return got;
        }
    }

    /** The client closes, and cannot receive the replies. */
    private static void withClose(Screen screen) throws Exception {
        End end = new End();
        try (ReactorServer server = end.serve()) {
            screen.say("half.second");
            Stopwatch watch = new Stopwatch();
            try (Guest guest = new Guest(server)) {
                send(guest);
            }
            screen.say("half.gone", watch.millis());
            CloseReason reason = end.reason.get(10, TimeUnit.SECONDS);
            server.drain();
            ServerStats stats = server.stats();
            screen.say(
                    "half.lost", watch.millis(), why(screen, reason), stats.messagesHandled(), stats.repliesWritten());
        }
    }

    /** The two that are to be seen have words of their own. */
    private static String why(Screen screen, CloseReason reason) {
        return switch (reason) {
            case END_OF_STREAM -> screen.word("half.end-of-stream");
            case CONNECTION_LOST -> screen.word("half.connection-lost");
            default -> reason.toString();
        };
    }

    private static void send(Guest guest) throws Exception {
        for (String message : List.of("one", "two", "three")) {
            guest.send(message + "\n");
        }
    }

    /** Receives the reason of the session's end. Any thread. */
    private static final class End implements ServerObserver {
        final CompletableFuture<CloseReason> reason = new CompletableFuture<>();

        ReactorServer serve() throws Exception {
            return ReactorServer.builder(Framing.lines())
                    .port(0)
                    .workers(1)
                    .observer(this)
                    .handler((session, message) -> {
                        TimeUnit.MILLISECONDS.sleep(WORK_MILLIS);
                        session.send("re: " + message);
                    })
                    .start();
        }

        @Override
        public void closed(Session session, CloseReason reason) {
            this.reason.complete(reason);
        }
    }
}
