package org.reactorserver.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What 1,000 clients cost a server with a thread for each of them, and what they cost one with a selector. */
final class ThreadsDemo implements Demo {
    private static final int CLIENTS = 1_000;
    private static final int ROUNDS = 5;
    private static final int IDLE_MILLIS = 1_000;

    /** What it took: threads, memory for the clients, and switches while idle and for each message. */
    private record Cost(int clients, long threads, long kibibytes, double idleSwitches, double switchesPerMessage) {}

    @Override
    public void show(Screen screen) throws Exception {
        if (!Vitals.areKnown()) {
            throw new IOException(screen.word("threads.linux"));
        }
        screen.say("threads.intro", CLIENTS);
        Cost threads = measure(Contestant.THREADS);
        Cost reactor = measure(Contestant.REACTOR);
        String[] names = {screen.word("threads.theirs"), screen.word("threads.ours")};
        screen.say("threads.count", threads.clients);
        pair(screen, names, threads.threads, reactor.threads, "%,.0f");
        screen.say("threads.memory");
        pair(screen, names, threads.kibibytes / 1024.0, reactor.kibibytes / 1024.0, "%,.1f MiB");
        screen.say("threads.idle");
        pair(screen, names, threads.idleSwitches, reactor.idleSwitches, "%,.0f");
        screen.say("threads.switches");
        pair(screen, names, threads.switchesPerMessage, reactor.switchesPerMessage, "%,.2f");
        screen.say("threads.end");
    }

    private static void pair(Screen screen, String[] names, double theirs, double ours, String figure) {
        double largest = Math.max(theirs, ours);
        screen.bar(names[0], theirs, largest, figure.formatted(theirs));
        screen.bar(names[1], ours, largest, figure.formatted(ours));
    }

    private static Cost measure(String contestant) throws Exception {
        Process process = start(contestant);
        List<Guest> guests = new ArrayList<>();
        try {
            int port = port(process);
            Vitals alone = Vitals.of(process.pid());
            for (int i = 0; i < CLIENTS; i++) {
                guests.add(new Guest(port));
            }
            talk(guests); // now all have been accepted
            Vitals before = Vitals.of(process.pid());
            TimeUnit.MILLISECONDS.sleep(IDLE_MILLIS);
            Vitals idle = Vitals.of(process.pid());
            for (int i = 0; i < ROUNDS; i++) {
                talk(guests);
            }
            Vitals after = Vitals.of(process.pid());
            return new Cost(
                    guests.size(),
                    after.threads(),
                    idle.kibibytes() - alone.kibibytes(),
                    Math.max(0, idle.switches() - before.switches()), // those of a thread that has ended are gone
                    Math.max(0, after.switches() - idle.switches()) / ((double) ROUNDS * guests.size()));
        } finally {
            for (Guest guest : guests) {
                guest.close();
            }
            process.destroy();
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
