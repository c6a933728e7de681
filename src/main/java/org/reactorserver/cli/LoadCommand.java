package org.reactorserver.cli;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Preflight;
import org.reactorserver.load.plan.Slo;
import org.reactorserver.load.report.CiReports;
import org.reactorserver.load.report.HtmlReport;
import org.reactorserver.load.report.JsonReport;
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
    @Spec
    CommandSpec spec;

    @Mixin
    Verbosity verbosity;

    @Mixin
    LoadOptions options;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON; - is standard output.")
    Path json;

    @Option(names = "--html", paramLabel = "FILE", description = "Write the report as one page for a browser.")
    Path html;

    @Option(names = "--hlog", paramLabel = "FILE", description = "Write an HdrHistogram log, interval by interval.")
    Path hlog;

    @Option(names = "--hgrm", paramLabel = "FILE", description = "Write the percentiles as HdrHistogram prints them.")
    Path hgrm;

    @Option(names = "--csv", paramLabel = "FILE", description = "Write what happened over time, a line for each slice.")
    Path csv;

    @Option(names = "--junit", paramLabel = "FILE", description = "Write the verdict and the objectives as JUnit does.")
    Path junit;

    @Option(
            names = "--summary",
            paramLabel = "FILE",
            description = "Append the result in Markdown, as for GitHub's $GITHUB_STEP_SUMMARY.")
    Path summary;

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
            names = "--self-test",
            description = "Measure a built-in server whose delays and faults are known, and say how precisely this"
                    + " machine, now, shows them. Takes no other option.")
    boolean selfTest;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (selfTest) {
            return new SelfTest(System.out).run();
        }
        LoadPlan plan = options.plan();
        List<Slo> slos = options.slos();
        List<Slo> fatal = options.fatal();
        checkFiles();
        boolean atRates = findMax != null || steps != null;
        if (findMax != null && steps != null || atRates && plan.isOpenModel()) {
            throw usage("--find-max, --steps and --rate exclude each other; give one");
        } else if (atRates && !files().stream().allMatch(file -> file == html)) {
            throw usage("with --find-max and --steps there is --html, and no other file");
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
        if (hlog != null) {
            run.histogramLog(hlog);
        }
        return runUntilEndOrSignal(run);
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
        if (html != null) {
            Files.writeString(html, report.page(max, names));
        }
        boolean isFine = steps == null ? max != null : search.steps().stream().allMatch(RateStep::holds);
        return isFine ? 0 : 1;
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
            boolean jsonToOut = isStandardOutput(json);
            (jsonToOut ? System.err : System.out).print(TextReport.of(report));
            run.problems().forEach(problem -> System.err.println("error: " + problem));
            boolean allWritten = writeFiles(run, report) && run.problems().isEmpty();
            if (System.out.checkError()) { // it is flushed first
                return Failure.print(1, "the report could not be written to standard output");
            }
            return allWritten ? report.verdict().exitCode() : 1;
        } finally {
            written.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // it is running: the process ends by the signal
            }
        }
    }

    // -- the files
    // ----------------------------------------------------------------------------------

    /** Better now than after the run. */
    private void checkFiles() {
        checkFile("--json", json);
        checkFile("--html", html);
        checkFile("--hlog", hlog);
        checkFile("--hgrm", hgrm);
        checkFile("--csv", csv);
        checkFile("--junit", junit);
        checkFile("--summary", summary);
        List<Path> files =
                files().stream().map(file -> file.toAbsolutePath().normalize()).toList();
        for (Path file : files) {
            if (Collections.frequency(files, file) > 1) {
                throw usage(file + " is named for two outputs, of which one would be lost; name two files");
            }
        }
    }

    private List<Path> files() {
        return Stream.of(json, html, hlog, hgrm, csv, junit, summary)
                .filter(Objects::nonNull)
                .toList();
    }

    private static boolean isStandardOutput(Path file) {
        return file != null && file.toString().equals("-");
    }

    private void checkFile(String option, Path file) {
        if (file == null || isStandardOutput(file) && option.equals("--json")) {
            return;
        } else if (isStandardOutput(file)) {
            throw usage(option + " -: only --json can go to standard output; name a file");
        }
        Path parent = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file)) {
            throw usage(option + " " + file + " is a directory; name a file");
        } else if (!Files.isDirectory(parent)) {
            throw usage(option + " " + file + ": there is no directory " + parent);
        } else if (!Files.isWritable(Files.exists(file) ? file : parent)) {
            throw usage(option + " " + file + " cannot be written; name another");
        }
    }

    private boolean writeFiles(LoadRun run, Report report) {
        boolean all = write("--json", json, () -> {
            if (isStandardOutput(json)) {
                System.out.print(JsonReport.of(report));
                return json;
            }
            return Files.writeString(json, JsonReport.of(report));
        });
        all &= write("--html", html, () -> Files.writeString(html, HtmlReport.of(report)));
        all &= write("--hgrm", hgrm, () -> {
            run.writePercentiles(hgrm);
            return hgrm;
        });
        all &= write("--csv", csv, () -> Files.writeString(csv, CiReports.csv(report)));
        all &= write("--junit", junit, () -> Files.writeString(junit, CiReports.junit(report)));
        all &= write(
                "--summary",
                summary,
                () -> Files.writeString(
                        summary, CiReports.summary(report), StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        if (!files().isEmpty() && !isStandardOutput(json)) {
            System.out.println("\nFiles");
            files().forEach(file -> System.out.println("  " + file));
        }
        return all;
    }

    private static boolean write(String option, Path file, Callable<Path> writer) {
        if (file == null) {
            return true;
        }
        try {
            writer.call();
            return true;
        } catch (Exception e) {
            System.err.println("error: " + option + " " + file + " could not be written: " + e);
            return false;
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
