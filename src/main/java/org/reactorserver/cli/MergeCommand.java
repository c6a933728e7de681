package org.reactorserver.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.reactorserver.load.report.Merger;
import org.reactorserver.load.result.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code merge}: one result of several that {@code load} has measured at the same time. */
@Command(
        name = "merge",
        description = {
            "Makes one result of several that load has measured at once, on several machines.",
            "Exit code: that of the worst verdict; 2 wrong usage.%n"
        },
        sortOptions = false,
        usageHelpWidth = 100)
final class MergeCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    Verbosity verbosity;

    @Parameters(arity = "2..*", paramLabel = "FILE", description = "The results, .json or .html.")
    List<String> files;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON, for compare.")
    Path json;

    @Override
    public Integer call() throws IOException {
        if (json != null && OutputFile.problem(json) != null) {
            throw Usage.of(spec, "--json", OutputFile.problem(json));
        }
        Merger merger;
        try {
            merger = new Merger(files, StoredFiles.read(files));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        System.out.print(merger.text());
        if (json != null) {
            Files.writeString(json, merger.json());
        }
        return Failure.unlessLost(Verdict.valueOf(merger.verdict()).exitCode());
    }
}
