package org.reactorserver.load.run;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Slo;
import org.reactorserver.load.result.RateStep;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.result.Verdict;

/**
 * Runs at several rates, one after the other, each with connections of its own: those that are given, or those that
 * lead to the highest one at which a server does all that is asked for. A run is as long as it takes to judge the
 * objectives, and is broken off as soon as one is lost. In one thread.
 */
public final class RateSearch {
    private static final Duration PROBE = Duration.ofMillis(700);
    private static final Duration WARM_UP = Duration.ofMillis(300);
    private static final double SHORTEST_SECONDS = 1.5;
    private static final double CONFIRMING = 3; // times as long

    /** Above what a closed run gets, and below it: where the search begins. */
    private static final double ABOVE = 1.15;

    private static final double BELOW = 0.5;

    /** Two rates that are as near are one. */
    private static final double NEAR = 1.02;

    private static final double HIGHEST_RATE = 1e9;
    private static final double LOWEST_RATE = 0.1;
    private static final int ATTEMPTS = 2; // where the client was late, or the machine was taken away

    /** A server on this machine stands still, too, while the hypervisor has a processor for so much of the time. */
    private static final double MUCH_STOLEN = 0.1;

    /** At so many rates, one below the other, it was this client that was late: at lower ones it would be too. */
    private static final int RATES_IF_INVALID = 3;

    private final LoadPlan plan;
    private final List<Slo> objectives;
    private final Consumer<RateStep> listener;
    private final List<RateStep> steps = new ArrayList<>();

    /**
     * Runs nothing yet.
     *
     * @param plan what each run does, but for rate and length
     * @param objectives must hold, beside the integrity of every reply
     * @param listener is told of each step
     */
    public RateSearch(LoadPlan plan, List<Slo> objectives, Consumer<RateStep> listener) {
        this.plan = plan;
        this.objectives = List.copyOf(objectives);
        this.listener = listener;
    }

    /** What each run came to, in the order in which they were made. */
    public List<RateStep> steps() {
        return List.copyOf(steps);
    }

    /** Runs at each of these rates, as long as the plan says. */
    public void runAt(List<Double> rates) throws IOException, InterruptedException {
        for (double rate : rates) {
            run(plan.change().rate(rate).build());
        }
    }

    /**
     * Searches the highest rate that holds, to two parts in a hundred, and confirms it by a longer run.
     *
     * @return its step, or null if there is none
     */
    public RateStep findMax() throws IOException, InterruptedException {
        double closed = closedRate();
        double high = closed * ABOVE;
        double low = closed * BELOW;
        while (high < HIGHEST_RATE && holds(high, 1)) {
            low = high;
            high *= 2;
        }
        int invalid = 0;
        while (low > LOWEST_RATE && !isKnownToHold(low) && !holds(low, 1)) {
            invalid = steps.get(steps.size() - 1).verdict() == Verdict.INVALID ? invalid + 1 : 0;
            if (invalid == RATES_IF_INVALID) {
                return null;
            }
            high = low;
            low /= 2;
        }
        while (low > LOWEST_RATE) {
            while (high / low > NEAR) {
                double middle = Math.sqrt(high * low);
                if (holds(middle, 1)) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            if (holds(low, CONFIRMING)) {
                return steps.get(steps.size() - 1);
            }
            high = low;
            low /= NEAR * NEAR * NEAR;
        }
        return null;
    }

    private boolean isKnownToHold(double rate) {
        return steps.stream().anyMatch(step -> step.rate() == rate && step.holds());
    }

    /** What the server does if it is asked for the next reply when it has given one. */
    private double closedRate() throws IOException, InterruptedException {
        LoadPlan probe = plan.change().closed().warmUp(WARM_UP).duration(PROBE).build();
        Report report = new LoadRun(probe, List.of()).run();
        if (report.verdict() == Verdict.FAIL) {
            throw new IOException("the server fails without any timetable: "
                    + report.reasons().get(0));
        }
        return Math.max(1, report.traffic().answeredPerSecond());
    }

    private boolean holds(double rate, double times) throws IOException, InterruptedException {
        double seconds = times * Math.max(SHORTEST_SECONDS, RateStep.messagesToJudge(objectives) / rate);
        LoadPlan step = plan.change()
                .rate(rate)
                .warmUp(WARM_UP)
                .duration(Duration.ofNanos((long) (seconds * 1e9)))
                .build();
        for (int i = 0; i < ATTEMPTS; i++) {
            Report report = run(step);
            Verdict verdict = steps.get(steps.size() - 1).verdict();
            boolean isStolen =
                    report.generator().stolen() > MUCH_STOLEN * report.traffic().seconds() * 1e9;
            if (verdict == Verdict.PASS || verdict == Verdict.FAIL && !isStolen) {
                return verdict == Verdict.PASS;
            }
        }
        return false;
    }

    private Report run(LoadPlan step) throws IOException, InterruptedException {
        Report report = new LoadRun(step, objectives).abortOn(objectives).run();
        RateStep result = RateStep.of(report, objectives);
        steps.add(result);
        listener.accept(result);
        return report;
    }
}
