package org.reactorserver.cli;

import java.io.IOException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Preflight;
import org.reactorserver.load.plan.Slo;
import org.reactorserver.load.report.Progress;
import org.reactorserver.load.report.RateReport;
import org.reactorserver.load.report.TextReport;
import org.reactorserver.load.result.RateStep;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.run.LoadRun;
import org.reactorserver.load.run.RateSearch;
import org.reactorserver.load.selftest.SelfTest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code load}: puts a server under load, checks every reply and reports what it measured. */
@Command(
        name = "load",
        description = {
            "Puts a server under load, checks every reply, and reports what it really measured.",
            "Exit code: 0 pass; 1 a reply, a connection or an objective failed; 2 wrong usage; 3 the"
                    + " run is invalid: this client was the bottleneck, or the rate was missed.%n"
        },
        showDefaultValues = true,
        sortOptions = false,
        usageHelpWidth = 100)
final class LoadCommand implements Callable<Integer> {
    private static final String SELF_TEST = "--self-test";

    @Spec
    CommandSpec spec;

    @Mixin
    Verbosity verbosity;

    @Mixin
    LoadOptions options;

    @Mixin
    LoadFiles files;

    @Option(
            names = "--find-max",
            paramLabel = "OBJECTIVE",
            split = ",",
            description = "Search the highest rate at which this holds, as in p99<5ms, and confirm it. May be given"
                    + " again.")
    List<String> findMax;

    @Option(
            names = "--steps",
            paramLabel = "RATE",
            split = ",",
            description = "Run at each of these rates, one after the other, as in 1000,2000,5000.")
    List<Double> steps;

    @Option(
            names = SELF_TEST,
            description = "Measure a built-in server whose delays and faults are known, and say how precisely this"
                    + " machine, now, shows them. Takes no other option.")
    boolean selfTest;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (selfTest) {
            refuseOthers();
            return Failure.unlessLost(new SelfTest(System.out).run());
        }
        LoadPlan plan = options.plan();
        List<Slo> slos = options.slos();
        List<Slo> fatal = options.fatal();
        files.check();
        boolean atRates = findMax != null || steps != null;
        if (findMax != null && steps != null || atRates && plan.isOpenModel()) {
            throw usage("--find-max, --steps and --rate exclude each other; give one");
        } else if (atRates && !files.isOnlyPage()) {
            throw usage("with --find-max and --steps there is --html, and no other file");
        }
        if (steps != null) {
            checkSteps();
        }
        Preflight.obstacle(plan).ifPresent(obstacle -> {
            throw new ParameterException(spec.commandLine(), obstacle);
        });
        Preflight.advice(plan).ifPresent(advice -> System.err.println("note: " + advice));
        if (atRates) {
            return runAtRates(plan, slos);
        }
        LoadRun run;
        try {
            run = new LoadRun(plan, slos).abortOn(fatal);
        } catch (UnknownHostException e) {
            throw usage("--host: '" + options.host + "' cannot be resolved" + HostAdvice.on(options.host));
        }
        run.progress(progress(plan));
        files.attach(run);
        return runUntilEndOrSignal(run);
    }

    private void refuseOthers() {
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            if (!option.longestName().equals(SELF_TEST) && !option.longestName().equals("--verbose")) {
                throw usage(SELF_TEST + " and " + option.longestName() + " exclude each other; give one");
            }
        }
    }

    private void checkSteps() {
        try {
            steps.forEach(rate -> LoadPlan.builder().rate(rate));
        } catch (IllegalArgumentException e) {
            throw usage("--steps: " + e.getMessage());
        }
    }

    /** One run after the other. */
    private int runAtRates(LoadPlan plan, List<Slo> slos) throws IOException, InterruptedException {
        List<Slo> objectives = new ArrayList<>(slos);
        objectives.addAll(options.parsed("--find-max", findMax));
        System.err.println(RateReport.header());
        RateSearch search = new RateSearch(plan, objectives, step -> System.err.println(RateReport.line(step)));
        RateStep max;
        if (steps == null) {
            max = search.findMax();
        } else {
            search.runAt(steps);
            max = search.steps().stream()
                    .filter(RateStep::holds)
                    .max(Comparator.comparingDouble(RateStep::rate))
                    .orElse(null);
        }
        RateReport report = new RateReport(search.steps());
        List<String> names = objectives.stream().map(Slo::toString).toList();
        System.out.print(report.text(max, names));
        files.writePage(report.page(max, names));
        boolean isFine = steps == null ? max != null : search.steps().stream().allMatch(RateStep::holds);
        return Failure.unlessLost(isFine ? 0 : 1);
    }

    private static Progress progress(LoadPlan plan) {
        boolean inPlace = Progress.isTerminal(System.getenv("TERM"));
        return new Progress(plan, System.err, inPlace, Progress.columns(System.getenv("COLUMNS")));
    }

    /** A signal ends the run early, and the process only when the report has been written. */
    private int runUntilEndOrSignal(LoadRun run) throws InterruptedException {
        CountDownLatch written = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            run.stopEarly();
            try {
                written.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            Report report = run.run();
            (files.isJsonToOut() ? System.err : System.out).print(TextReport.of(report));
            run.problems().forEach(problem -> System.err.println("error: " + problem));
            boolean allWritten = files.write(run, report) && run.problems().isEmpty();
            return Failure.unlessLost(allWritten ? report.verdict().exitCode() : 1);
        } finally {
            written.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // it is running: the process ends by the signal
            }
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
