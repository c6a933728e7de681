package org.reactorserver.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import org.reactorserver.demo.Screen.Bar;

/** What 1,000 clients cost a server with a thread for each of them, and what they cost one with a selector. */
final class ThreadsDemo implements Demo {
    private static final int CLIENTS = 1_000;
    private static final int ROUNDS = 4;
    private static final double KIBIBYTES = 1024; // in a mebibyte
    private static final double SMALLEST = 0.01; // of what is shown with two decimals

    /** What it took: threads, memory for the clients, and switches for each message. */
    private record Cost(long threads, double mebibytes, double switchesPerMessage) {}

    @Override
    public void show(Screen screen) throws Exception {
        if (!Vitals.areKnown()) {
            throw new IOException(screen.word("threads.linux"));
        }
        screen.say("threads.intro", CLIENTS);
        Process threads = start(Contestant.THREADS);
        Process selector = start(Contestant.REACTOR); // at the same time: a JVM takes long to start
        try {
            show(screen, measure(threads), measure(selector));
        } finally {
            threads.destroy();
            selector.destroy();
        }
    }

    private static void show(Screen screen, Cost theirs, Cost ours) {
        screen.say("threads.count", CLIENTS);
        pair(screen, theirs.threads, ours.threads, value -> Layout.figure("%,.0f", value));
        screen.say("threads.memory");
        pair(screen, theirs.mebibytes, ours.mebibytes, value -> Layout.figure("%,.1f MiB", value));
        screen.say("threads.switches");
        pair(screen, theirs.switchesPerMessage, ours.switchesPerMessage, value -> perMessage(screen, value));
        screen.say("threads.end");
        screen.say("threads.seen", CLIENTS, theirs.threads, theirs.mebibytes, ours.threads, ours.mebibytes);
    }

    private static void pair(Screen screen, double theirs, double ours, DoubleFunction<String> figure) {
        screen.chart(
                Math.max(theirs, ours),
                List.of(
                        new Bar(screen.word("threads.theirs"), theirs, figure.apply(theirs)),
                        new Bar(screen.word("threads.ours"), ours, figure.apply(ours))));
    }

    /** Never "0.00", which would say that there were none. */
    static String perMessage(Screen screen, double switches) {
        return switches < SMALLEST ? screen.word("threads.few", SMALLEST) : Layout.figure("%.2f", switches);
    }

    private static Cost measure(Process process) throws Exception {
        List<Guest> guests = new ArrayList<>();
        try {
            int port = port(process);
            Vitals alone = Vitals.of(process.pid());
            for (int i = 0; i < CLIENTS; i++) {
                guests.add(new Guest(port));
            }
            talk(guests); // now all have been accepted
            Vitals before = Vitals.of(process.pid());
            for (int i = 0; i < ROUNDS; i++) {
                talk(guests);
            }
            Vitals after = Vitals.of(process.pid());
            return new Cost(
                    after.threads(),
                    (before.kibibytes() - alone.kibibytes()) / KIBIBYTES,
                    // those of a thread that has ended are gone
                    Math.max(0, after.switches() - before.switches()) / ((double) ROUNDS * guests.size()));
        } finally {
            for (Guest guest : guests) {
                guest.close();
            }
        }
    }

    private static Process start(String contestant) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Contestant.class.getName(),
                        contestant)
                .redirectError(Redirect.DISCARD)
                .start();
    }

    private static int port(Process process) throws IOException {
        String line = new BufferedReader(new InputStreamReader(process.getInputStream())).readLine();
        if (line == null) {
            throw new IOException("a server of this demo did not start");
        }
        return Integer.parseInt(line);
    }

    /** All clients send, and then all receive the reply. */
    private static void talk(List<Guest> guests) throws IOException {
        for (Guest guest : guests) {
            guest.send("hello");
        }
        for (Guest guest : guests) {
            guest.characters("hello".length());
        }
    }
}
