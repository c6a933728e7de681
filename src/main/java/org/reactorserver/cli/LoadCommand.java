package org.reactorserver.cli;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Preflight;
import org.reactorserver.load.plan.Slo;
import org.reactorserver.load.report.HtmlReport;
import org.reactorserver.load.report.JsonReport;
import org.reactorserver.load.report.Progress;
import org.reactorserver.load.report.TextReport;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.run.LoadRun;
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

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON.")
    Path json;

    @Option(names = "--html", paramLabel = "FILE", description = "Write the report as one page for a browser.")
    Path html;

    @Option(names = "--hlog", paramLabel = "FILE", description = "Write an HdrHistogram log, interval by interval.")
    Path hlog;

    @Option(names = "--hgrm", paramLabel = "FILE", description = "Write the percentiles as HdrHistogram prints them.")
    Path hgrm;

    @Override
    public Integer call() throws IOException, InterruptedException {
        LoadPlan plan = options.plan();
        List<Slo> slos = options.slos();
        checkFiles();
        Preflight.obstacle(plan).ifPresent(obstacle -> {
            throw new ParameterException(spec.commandLine(), obstacle);
        });
        Preflight.advice(plan).ifPresent(advice -> System.err.println("note: " + advice));
        LoadRun run;
        try {
            run = new LoadRun(plan, slos);
        } catch (UnknownHostException e) {
            throw usage("--host: '" + options.host + "' cannot be resolved");
        }
        run.progress(new Progress(plan, System.err, Progress.isTerminal()));
        if (hlog != null) {
            run.histogramLog(hlog);
        }
        return runUntilEndOrSignal(run);
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
            System.out.print(TextReport.of(report));
            boolean allWritten = writeFiles(run, report);
            System.out.flush();
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
    }

    private void checkFile(String option, Path file) {
        if (file == null) {
            return;
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
        boolean all = write("--json", json, () -> Files.writeString(json, JsonReport.of(report)));
        all &= write("--html", html, () -> Files.writeString(html, HtmlReport.of(report)));
        all &= write("--hgrm", hgrm, () -> {
            run.writePercentiles(hgrm);
            return hgrm;
        });
        if (json != null || html != null || hgrm != null || hlog != null) {
            System.out.println("\nFiles");
            for (Path file : Arrays.asList(json, html, hlog, hgrm)) {
                if (file != null) {
                    System.out.println("  " + file);
                }
            }
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
