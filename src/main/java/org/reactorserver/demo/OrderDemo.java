package org.reactorserver.demo;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.reactorserver.CloseReason;
import org.reactorserver.ReactorServer;
import org.reactorserver.ServerObserver;
import org.reactorserver.Session;
import org.reactorserver.client.ClientListener;
import org.reactorserver.client.ClientPlan;
import org.reactorserver.client.Clients;
import org.reactorserver.demo.Screen.Row;
import org.reactorserver.demo.Screen.Span;
import org.reactorserver.dial.Route;
import org.reactorserver.framing.Framing;
import org.reactorserver.framing.Text;

/** Which client is served next: all at once, one, two, all together, and in a queue that one leaves. */
final class OrderDemo implements Demo {
    private static final int WORK_MILLIS = 100;
    private static final Duration GAP = Duration.ofMillis(100);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String ALL = "order.none";
    private static final String LOCK = "order.lock";
    private static final char WAITS = '░';
    private static final char TALKS = '█';

    @Override
    public void show(Screen screen) throws Exception {
        screen.say("order.intro", WORK_MILLIS);
        Rehearsal.hold();
        Map<String, Stays> orders = new LinkedHashMap<>();
        orders.put(ALL, clients(3, ClientPlan.Order.AT_ONCE, Integer.MAX_VALUE, Duration.ZERO));
        orders.put(LOCK, clients(3, ClientPlan.Order.AT_ONCE, 1, GAP));
        orders.put("order.semaphore", clients(4, ClientPlan.Order.AT_ONCE, 2, GAP));
        orders.put("order.barrier", clients(3, ClientPlan.Order.TOGETHER, Integer.MAX_VALUE, Duration.ZERO));
        orders.put("order.queue", queue());
        double longest =
                orders.values().stream().mapToDouble(Stays::millis).max().orElse(0);
        orders.forEach((title, stays) -> screen.part(() -> stays.draw(screen, title, longest)));
        screen.part(() -> {
            screen.say("order.end");
            screen.say("order.seen", orders.get(ALL).millis(), orders.get(LOCK).millis());
        });
    }

    private static Stays clients(int count, ClientPlan.Order order, int active, Duration gap) throws Exception {
        Stays stays = new Stays();
        try (ReactorServer server = stays.serve(active, gap)) {
            InetSocketAddress address = server.address();
            Text utf8 = new Text(StandardCharsets.UTF_8, true);
            ClientPlan plan = new ClientPlan(
                    address, Route.DIRECT, Framing.lines(), utf8, count, "{id}", order, Duration.ZERO, TIMEOUT);
            Clients.run(plan, new ClientListener() {
                @Override
                public void replied(int id, String reply) {}

                @Override
                public void failed(int id, String reason) {
                    throw new IllegalStateException("client " + id + " failed: " + reason);
                }
            });
            server.drain();
        }
        return stays;
    }

    /** The second of three leaves while it waits: the third one moves up. */
    private static Stays queue() throws Exception {
        Stays stays = new Stays();
        try (ReactorServer server = stays.serve(1, Duration.ZERO)) {
            List<Guest> guests = new ArrayList<>();
            try {
                for (int i = 0; i < 3; i++) {
                    guests.add(new Guest(server));
                }
                guests.get(0).send("1\n");
                guests.get(2).send("3\n");
                TimeUnit.MILLISECONDS.sleep(WORK_MILLIS / 2);
                guests.get(1).close();
                guests.get(0).line();
                guests.get(0).close();
                guests.get(2).line();
            } finally {
                for (Guest guest : guests) {
                    guest.close();
                }
            }
            server.drain();
        }
        return stays;
    }

    /** When each session came, when its message was decoded, when it left. Written on the selector thread. */
    private static final class Stays implements ServerObserver {
        private final Stopwatch watch = new Stopwatch();
        private final Map<Long, double[]> times = new TreeMap<>();

        ReactorServer serve(int active, Duration gap) throws Exception {
            return ReactorServer.builder(Framing.lines())
                    .port(0)
                    .workers(4)
                    .activeSessions(active)
                    .sessionGap(gap)
                    .observer(this)
                    .handler((session, message) -> {
                        TimeUnit.MILLISECONDS.sleep(WORK_MILLIS * session.id());
                        session.send(message);
                    })
                    .start();
        }

        @Override
        public void connected(Session session) {
            times.put(session.id(), new double[] {watch.millis(), Double.NaN, Double.NaN});
        }

        @Override
        public void received(Session session, String message) {
            times.get(session.id())[1] = watch.millis();
        }

        @Override
        public void closed(Session session, CloseReason reason) {
            times.get(session.id())[2] = watch.millis();
        }

        private double start() {
            return times.values().stream().mapToDouble(each -> each[0]).min().orElse(0);
        }

        /** From the first client's coming to the last one's leaving. To be called when the server has ended. */
        double millis() {
            return times.values().stream().mapToDouble(each -> each[2]).max().orElse(0) - start();
        }

        /** To be called when the server has ended. */
        void draw(Screen screen, String title, double longest) {
            double start = start();
            List<Row> rows = new ArrayList<>();
            times.forEach((id, each) -> {
                List<Span> spans = new ArrayList<>();
                spans.add(new Span(each[0] - start, each[2] - start, WAITS));
                if (!Double.isNaN(each[1])) {
                    spans.add(new Span(each[1] - start, each[2] - start, TALKS));
                }
                rows.add(new Row(screen.word("order.client", id), spans));
            });
            screen.blank();
            screen.say(title);
            screen.timeline(longest, rows);
        }
    }
}
