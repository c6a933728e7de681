package org.reactorserver.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.reactorserver.ReactorServer;
import org.reactorserver.ServerObserver;
import org.reactorserver.Session;
import org.reactorserver.framing.Framing;

/** What a handler that takes its time does to the other clients: with no worker, with one, with two. */
final class SlowHandlerDemo implements Demo {
    private static final int CLIENTS = 4;
    private static final int WORK_MILLIS = 300;
    private static final int MOST_WORKERS = 2;

    /** How long each client waited for its reply, and the one that came later to be accepted. */
    private record Outcome(List<Double> replies, double accepted) {}

    @Override
    public void show(Screen screen) throws Exception {
        screen.say("slow.intro", WORK_MILLIS, CLIENTS);
        for (int workers = 0; workers <= MOST_WORKERS; workers++) {
            Outcome outcome = run(workers);
            screen.blank();
            screen.say("slow.workers." + workers);
            double scale = Math.max(CLIENTS * WORK_MILLIS, Collections.max(outcome.replies));
            for (int i = 0; i < CLIENTS; i++) {
                double millis = outcome.replies.get(i);
                screen.bar(screen.word("slow.client", i + 1), millis, scale, "%,.0f ms".formatted(millis));
            }
            screen.bar(screen.word("slow.newcomer"), outcome.accepted, scale, "%,.1f ms".formatted(outcome.accepted));
        }
        screen.say("slow.end");
    }

    private static Outcome run(int workers) throws Exception {
        CompletableFuture<Long> accepted = new CompletableFuture<>();
        CompletableFuture<Void> handling = new CompletableFuture<>();
        ServerObserver watcher = new ServerObserver() {
            @Override
            public void connected(Session session) {
                if (session.id() > CLIENTS) {
                    accepted.complete(System.nanoTime());
                }
            }
        };
        try (ReactorServer server = ReactorServer.builder(Framing.lines())
                .port(0)
                .workers(workers)
                .stallAfter(Duration.ZERO) // without a worker it stalls, which is what is to be seen
                .observer(watcher)
                .handler((session, message) -> {
                    handling.complete(null);
                    TimeUnit.MILLISECONDS.sleep(WORK_MILLIS);
                    session.send(message);
                })
                .start()) {
            List<Guest> guests = new ArrayList<>();
            try {
                for (int i = 0; i < CLIENTS; i++) {
                    guests.add(new Guest(server));
                }
                Stopwatch watch = new Stopwatch();
                List<CompletableFuture<Double>> replies = new ArrayList<>();
                for (Guest guest : guests) {
                    guest.send("hello\n");
                }
                for (Guest guest : guests) {
                    replies.add(Background.call(() -> {
                        guest.line();
                        return watch.millis();
                    }));
                }
                handling.get(); // now a message is being handled
                long comes = System.nanoTime();
                guests.add(new Guest(server));
                double waited = (accepted.get() - comes) / (double) TimeUnit.MILLISECONDS.toNanos(1);
                List<Double> times = new ArrayList<>();
                for (CompletableFuture<Double> reply : replies) {
                    times.add(reply.get());
                }
                return new Outcome(times, waited);
            } finally {
                for (Guest guest : guests) {
                    guest.close();
                }
            }
        }
    }
}
