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
import org.reactorserver.demo.Screen.Bar;
import org.reactorserver.framing.Framing;

/** What a handler that takes its time does to the other clients: with no worker, with one, with two. */
final class SlowHandlerDemo implements Demo {
    private static final int CLIENTS = 4;
    private static final int WORK_MILLIS = 300;
    private static final int MOST_WORKERS = 2;

    /** How long each client waited for its reply, and the one that came later to be accepted. */
    private record Outcome(List<Double> replies, double accepted) {
        double longest() {
            return Math.max(accepted, Collections.max(replies));
        }

        void draw(Screen screen, String title, double longest) {
            List<Bar> bars = new ArrayList<>();
            for (int i = 0; i < replies.size(); i++) {
                bars.add(bar(screen.word("slow.client", i + 1), replies.get(i)));
            }
            bars.add(bar(screen.word("slow.newcomer"), accepted));
            screen.blank();
            screen.text(title);
            screen.chart(longest, bars);
        }

        private static Bar bar(String label, double millis) {
            return new Bar(label, millis, Layout.figure("%,.1f ms", millis));
        }
    }

    @Override
    public void show(Screen screen) throws Exception {
        screen.say("slow.intro", WORK_MILLIS, CLIENTS);
        Rehearsal.hold();
        List<Outcome> outcomes = new ArrayList<>();
        for (int workers = 0; workers <= MOST_WORKERS; workers++) {
            outcomes.add(run(workers));
        }
        double longest = outcomes.stream().mapToDouble(Outcome::longest).max().orElse(0);
        for (int workers = 0; workers <= MOST_WORKERS; workers++) {
            int inTurn = CLIENTS / Math.max(1, workers);
            String title = screen.word("slow.workers." + workers, inTurn, WORK_MILLIS, inTurn * WORK_MILLIS);
            Outcome outcome = outcomes.get(workers);
            screen.part(() -> outcome.draw(screen, title, longest));
        }
        screen.part(() -> {
            screen.say("slow.end");
            screen.say(
                    "slow.seen",
                    outcomes.get(0).accepted,
                    outcomes.get(1).accepted,
                    Collections.max(outcomes.get(1).replies),
                    Collections.max(outcomes.get(2).replies));
        });
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
