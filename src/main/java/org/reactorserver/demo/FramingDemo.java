package org.reactorserver.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.reactorserver.ReactorServer;
import org.reactorserver.ServerObserver;
import org.reactorserver.Session;
import org.reactorserver.demo.Screen.Bar;
import org.reactorserver.framing.Framing;

/** What TCP does with what is sent in pieces, and what a framing makes of it. */
final class FramingDemo implements Demo {
    private static final int PAIRS = 500;
    private static final String TORN = "收";

    @Override
    public void show(Screen screen) throws Exception {
        screen.say("framing.intro", PAIRS);
        int chunks = showPairs(screen, Framing.chunks(), "");
        int lines = showPairs(screen, Framing.lines(), "\n");
        screen.say("framing.pairs");
        showTorn(screen);
        screen.say("framing.end");
        screen.say("framing.seen", chunks, PAIRS, lines);
    }

    /**
     * Sends "one" and "two" and does not wait in between; how many messages come of the two is chance. Returns how
     * often it was one.
     */
    private static int showPairs(Screen screen, Framing framing, String end) throws Exception {
        Arrivals arrivals = new Arrivals();
        int together = 0;
        try (ReactorServer server = arrivals.serve(framing);
                Guest guest = new Guest(server)) {
            for (int i = 0; i < PAIRS; i++) {
                guest.send("one" + end);
                guest.send("two" + end);
                String first = arrivals.next();
                if (first.equals("onetwo")) {
                    together++;
                } else {
                    arrivals.next();
                }
            }
        }
        screen.blank();
        screen.say("framing.with", framing);
        screen.chart(PAIRS, List.of(bar("[onetwo]", together), bar("[one] [two]", PAIRS - together)));
        return together;
    }

    private static Bar bar(String label, int count) {
        return new Bar(label, count, Layout.figure("%,d", count));
    }

    private static void showTorn(Screen screen) throws Exception {
        byte[] bytes = TORN.getBytes(StandardCharsets.UTF_8);
        Arrivals arrivals = new Arrivals();
        screen.say("framing.torn", TORN, HexFormat.ofDelimiter(" ").formatHex(bytes));
        try (ReactorServer server = arrivals.serve(Framing.chunks());
                Guest guest = new Guest(server)) {
            for (byte each : bytes) {
                guest.send(each);
                int read = arrivals.reads.take(); // the next one is sent when this one has arrived
                screen.say("framing.read", screen.count("byte", read), "%02x".formatted(each), decoded(each));
            }
            screen.say("framing.message", arrivals.next());
        }
    }

    /** The text if these bytes are decoded alone. */
    private static String decoded(byte each) {
        return new String(new byte[] {each}, StandardCharsets.UTF_8);
    }

    /** What the server reads and decodes. Any thread. */
    private static final class Arrivals implements ServerObserver {
        final BlockingQueue<Integer> reads = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

        ReactorServer serve(Framing framing) throws IOException {
            return ReactorServer.builder(framing)
                    .port(0)
                    .workers(1)
                    .observer(this)
                    .handler((session, message) -> {})
                    .start();
        }

        String next() throws InterruptedException, IOException {
            String message = messages.poll(10, TimeUnit.SECONDS);
            if (message == null) {
                throw new IOException("the server has decoded nothing for 10 s");
            }
            return message;
        }

        @Override
        public void read(Session session, int bytes) {
            reads.add(bytes);
        }

        @Override
        public void received(Session session, String message) {
            messages.add(message);
        }
    }
}
