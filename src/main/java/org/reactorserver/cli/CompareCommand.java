package org.reactorserver.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.reactorserver.load.report.Comparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code compare}: two results of {@code load}, and what of their difference is more than noise. */
@Command(
        name = "compare",
        description = {
            "Compares two results of load and says what is within the noise.",
            "Exit code: 0 B is not worse than A; 1 B is worse beyond the noise; 2 wrong usage.%n"
        },
        showDefaultValues = true,
        sortOptions = false,
        usageHelpWidth = 100)
final class CompareCommand implements Callable<Integer> {
    private static final double MOST_PERCENT = 1000;

    @Spec
    CommandSpec spec;

    @Mixin
    Verbosity verbosity;

    @Parameters(index = "0", paramLabel = "A", description = "The result to compare with: .json or .html.")
    Path first;

    @Parameters(index = "1", paramLabel = "B", description = "The result to judge: .json or .html.")
    Path second;

    @Option(names = "--noise", defaultValue = "5", description = "Percent by which figures may differ in any case.")
    double noise;

    @Override
    public Integer call() {
        if (!(noise >= 0 && noise <= MOST_PERCENT)) {
            throw new ParameterException(spec.commandLine(), "--noise must be from 0 to 1000 percent, not " + noise);
        }
        Comparison comparison;
        try {
            comparison = Comparison.of(read(first), read(second), noise / 100);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        System.out.print(comparison.text(first.toString(), second.toString()));
        return comparison.isWorse() ? 1 : 0;
    }

    private Comparison.Result read(Path file) {
        try {
            return Comparison.Result.parse(Files.readString(file));
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + " is no result of load: " + e.getMessage());
        }
    }
}
