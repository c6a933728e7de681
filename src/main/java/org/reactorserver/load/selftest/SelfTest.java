package org.reactorserver.load.selftest;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.reactorserver.framing.Framing;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.run.LoadRun;
import org.reactorserver.load.text.Units;

/**
 * Measures a server whose delays and faults are known, and says how precisely this client shows them on this machine,
 * now. What it counts must be right on any machine; what it times is as good as the machine is quiet. The server may
 * be held up as well as the client: what it took stands beside what was measured.
 */
public final class SelfTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final Duration WARM_UP = Duration.ofMillis(500);
    private static final Duration MEASURED = Duration.ofSeconds(2);

    /** Compiling takes the processors from client and server alike, most of all where there are two. */
    private static final Duration UNTIL_COMPILED = Duration.ofSeconds(4);

    /** A share of what is measured, and beside it what a thread needs to wake up. */
    private static final double TOLERANCE = 0.05;

    private static final long WAKE_UP = 500_000;

    /** Even a quiet machine holds a thread up now and then: times are wrong if they are so each time. */
    private static final int TRIES = 3;

    /** Measures once: notes what it saw, and what of it is wrong. Returns what the client says of itself, or null. */
    private interface Part {
        Report run() throws IOException, InterruptedException;
    }

    /** A run beside what its server says. */
    private record Seen(Report report, List<KnownServer.Answered> answered) {
        /** What the server took for so many of a hundred lines, in nanoseconds. */
        private long took(double percentile) {
            long[] sorted = answered.stream()
                    .mapToLong(KnownServer.Answered::took)
                    .sorted()
                    .toArray();
            int rank = (int) Math.ceil(sorted.length * percentile / 100);
            return sorted.length == 0 ? 0 : sorted[Math.max(0, rank - 1)];
        }
    }

    private final PrintStream out;
    private final int tries;
    private final List<String> wrong = new ArrayList<>(); // of the part that is running
    private final List<String> seen = new ArrayList<>();
    private boolean miscounted;
    private boolean mistimed;

    /** Tells its findings to a stream. */
    public SelfTest(PrintStream out) {
        this(out, TRIES);
    }

    SelfTest(PrintStream out, int tries) {
        this.out = out;
        this.tries = tries;
    }

    /** Runs all parts. Returns an exit code: 0 all is right; 1 this client counts wrongly; 3 this machine is not quiet. */
    public int run() throws IOException, InterruptedException {
        measure((now, number) -> now, closed().duration(UNTIL_COMPILED));
        constant(5 * MILLI, 5 * MILLI);
        oneInAHundred(40 * MILLI);
        pause(200 * MILLI);
        cap(500);
        faults("a drop", 0);
        faults("a duplicate", 2);
        if (miscounted) {
            out.println("This client counts wrongly, which is a fault of it.");
        } else if (mistimed) {
            out.println("This machine is not fit to measure with now: times are off by more than "
                    + Units.percent(TOLERANCE) + " and " + Units.nanos(WAKE_UP)
                    + ". What is above says why, as far as this client knows; end what else is running and repeat.");
        } else {
            out.println("This machine, now, shows times within " + Units.percent(TOLERANCE) + " and "
                    + Units.nanos(WAKE_UP) + ", and counts exactly.");
        }
        return miscounted ? 1 : mistimed ? 3 : 0;
    }

    /**
     * Every reply after the same time.
     *
     * @param told what the server is said to do
     * @param done what it does
     */
    void constant(long told, long done) throws IOException, InterruptedException {
        timed("every reply after " + Units.nanos(told), () -> {
            Seen run = measure((now, number) -> now + done, closed());
            near("p50", run.report().service().p50(), told, run.took(50));
            near("p99", run.report().service().p99(), told, run.took(99));
            return run.report();
        });
    }

    private void oneInAHundred(long slow) throws IOException, InterruptedException {
        timed("one reply in a hundred after " + Units.nanos(slow) + ", the others after 1.00 ms", () -> {
            Seen run = measure((now, number) -> now + (number % 100 == 0 ? slow : MILLI), closed());
            near("p50", run.report().service().p50(), MILLI, run.took(50));
            near("longest", run.report().service().max(), slow, run.took(100));
            return run.report();
        });
    }

    /** The whole server stands still once, in the middle. */
    private void pause(long length) throws IOException, InterruptedException {
        timed("a halt of " + Units.nanos(length), () -> {
            AtomicLong first = new AtomicLong();
            Report report = measure(
                            (now, number) -> {
                                first.compareAndSet(0, now);
                                long from = first.get() + 1_500 * MILLI;
                                boolean stands = now - from >= 0 && now - from < length;
                                return stands ? from + length : now;
                            },
                            open(1_000))
                    .report();
            near("longest response time", report.response().max(), length);
            long stalled = Math.round(
                    report.stalls().stream().mapToDouble(Report.Stall::seconds).sum() * SECOND);
            near("sum of the stalls", stalled, length);
            return report;
        });
    }

    /** So many replies a second and no more; twice as many are asked for. */
    private void cap(long perSecond) throws IOException, InterruptedException {
        timed("a server that can answer " + perSecond + " a second, asked for " + 2 * perSecond, () -> {
            AtomicLong last = new AtomicLong();
            Report report = measure(
                            (now, number) -> last.updateAndGet(before -> Math.max(now, before + SECOND / perSecond)),
                            open(2.0 * perSecond))
                    .report();
            double answered = report.traffic().answeredPerSecond();
            seen.add("answered " + Units.perSecond(Math.round(answered)) + " a second");
            if (Math.abs(answered / perSecond - 1) > TOLERANCE) {
                wrong.add("it should be " + perSecond);
            }
            if (!report.isOverloaded()) {
                wrong.add("that the server did not keep up was not noticed");
            }
            return null;
        });
    }

    /** Every hundredth line is answered so many times. */
    private void faults(String what, int answers) throws IOException, InterruptedException {
        AtomicLong done = new AtomicLong();
        KnownServer.Behaviour behaviour = new KnownServer.Behaviour() {
            @Override
            public long answerAt(long now, long number) {
                return now;
            }

            @Override
            public int answers(long number) {
                boolean isHundredth = number % 100 == 50;
                done.addAndGet(isHundredth ? 1 : 0);
                return isHundredth ? answers : 1;
            }
        };
        Report report = measure(behaviour, closed().depth(4).messages(5_000).timeout(Duration.ofSeconds(1)))
                .report();
        long found = answers == 0
                ? report.messages().unanswered()
                : report.messages().extra();
        seen.add(Units.count(found) + " found of " + Units.count(done.get()));
        if (found != done.get()
                || report.messages().sent() != 5_000
                || !report.messages().addUp()) {
            wrong.add("they should be equal, and the ledger must add up: " + report.messages());
        }
        miscounted |= tell(what + " in every hundred replies", null);
    }

    private static LoadPlan.Builder closed() {
        return LoadPlan.builder()
                .framing(Framing.lines())
                .connections(10)
                .expectEcho()
                .warmUp(WARM_UP)
                .duration(MEASURED);
    }

    private static LoadPlan.Builder open(double rate) {
        return closed().rate(rate).timeout(Duration.ofSeconds(20));
    }

    private static Seen measure(KnownServer.Behaviour behaviour, LoadPlan.Builder plan)
            throws IOException, InterruptedException {
        try (KnownServer server = new KnownServer(behaviour)) {
            Report report = new LoadRun(plan.port(server.port()).build(), List.of()).run();
            return new Seen(report, server.answered(WARM_UP.toNanos()));
        }
    }

    /** A time of the client's, beside what the server took by its own clock. */
    private void near(String what, long measured, long known, long took) {
        compare(what, measured, known, " (the server took " + Units.nanos(took) + ")");
    }

    private void near(String what, long measured, long known) {
        compare(what, measured, known, "");
    }

    private void compare(String what, long measured, long known, String remark) {
        seen.add(what + " " + (measured < 0 ? "none" : Units.nanos(measured)) + remark);
        if (Math.abs(measured - known) > known * TOLERANCE + WAKE_UP) {
            wrong.add(what + " should be " + Units.nanos(known));
        }
    }

    private void timed(String what, Part part) throws IOException, InterruptedException {
        Report report = part.run();
        for (int tried = 1; tried < tries && !wrong.isEmpty(); tried++) {
            out.println("again  " + what + ": " + String.join(", ", seen));
            seen.clear();
            wrong.clear();
            report = part.run();
        }
        mistimed |= tell(what, report);
    }

    /** Prints what came of a part. Returns whether something was wrong. */
    private boolean tell(String what, Report report) {
        boolean isWrong = !wrong.isEmpty();
        out.println((isWrong ? "WRONG  " : "right  ") + what + ": " + String.join(", ", seen));
        for (String each : wrong) {
            out.println("       " + each);
        }
        if (isWrong && report != null) {
            report.reasons().forEach(reason -> out.println("       " + reason));
            report.notes().forEach(note -> out.println("       " + note));
            Report.Generated own = report.generator();
            out.println("       the loop of this client was up to "
                    + Units.nanos(own.loopLag().max()) + " late"
                    + (own.waited() < 0 ? "" : ", its thread waited " + Units.nanos(own.waited()) + " for a processor")
                    + (own.stolen() > 0 ? ", the hypervisor took " + Units.nanos(own.stolen()) : ""));
        }
        seen.clear();
        wrong.clear();
        return isWrong;
    }
}
