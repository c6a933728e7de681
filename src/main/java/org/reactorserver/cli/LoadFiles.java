package org.reactorserver.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.reactorserver.load.report.CiReports;
import org.reactorserver.load.report.HtmlReport;
import org.reactorserver.load.report.JsonReport;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.run.LoadRun;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The files that {@code load} writes. */
final class LoadFiles {
    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

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
            names = "--prometheus",
            paramLabel = "FILE",
            description = "Keep a file in the text format of Prometheus up to date while it runs.")
    Path prometheus;

    /** Better now than after the run. */
    void check() {
        checkFile("--json", json);
        checkFile("--html", html);
        checkFile("--hlog", hlog);
        checkFile("--hgrm", hgrm);
        checkFile("--csv", csv);
        checkFile("--junit", junit);
        checkFile("--summary", summary);
        checkFile("--prometheus", prometheus);
        if (prometheus != null && Files.exists(prometheus) && !Files.isRegularFile(prometheus)) {
            throw usage(
                    "--prometheus " + prometheus + " is replaced once a second, and is no plain file; name another");
        }
        List<Path> files =
                files().stream().map(file -> file.toAbsolutePath().normalize()).toList();
        for (Path file : files) {
            if (Collections.frequency(files, file) > 1) {
                throw usage("'" + file + "' is named for two outputs, of which one would be lost; name two files");
            }
        }
    }

    private List<Path> files() {
        return Stream.of(json, html, hlog, hgrm, csv, junit, summary, prometheus)
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
            throw Usage.of(spec, option, "'-': only --json can go to standard output; name a file");
        }
        String problem = OutputFile.problem(file);
        if (problem != null) {
            throw Usage.of(spec, option, problem);
        }
    }

    boolean write(LoadRun run, Report report) {
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
            System.err.println("error: " + option + " " + file + " could not be written: " + Failure.message(e));
            return false;
        }
    }

    /** Whether no other file is wanted than the page. */
    boolean isOnlyPage() {
        return files().stream().allMatch(file -> file == html);
    }

    /** Whether standard output is for the JSON. */
    boolean isJsonToOut() {
        return isStandardOutput(json);
    }

    /** Has a run write what is written while it goes on. */
    void attach(LoadRun run) throws IOException {
        if (hlog != null) {
            run.histogramLog(hlog);
        }
        if (prometheus != null) {
            run.prometheus(prometheus);
        }
    }

    /** Writes a page, if one is wanted. */
    void writePage(String page) throws IOException {
        if (html != null) {
            Files.writeString(html, page);
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
