package org.reactorserver.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.reactorserver.load.report.Comparison;
import org.reactorserver.load.report.Overlay;
import org.reactorserver.load.report.StoredResult;
import org.reactorserver.load.text.Units;
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
            "Compares results of load and says what of their difference is more than noise.",
            "Exit code: 0 B is not worse than A; 1 B is worse beyond the noise; 2 wrong usage.%n"
        },
        showDefaultValues = true,
        sortOptions = false,
        usageHelpWidth = 100)
final class CompareCommand implements Callable<Integer> {
    private static final double MOST_PERCENT = 1000;
    private static final String VERSUS = "vs";

    @Spec
    CommandSpec spec;

    @Mixin
    Verbosity verbosity;

    @Parameters(
            arity = "2..*",
            paramLabel = "FILE",
            description = "A B, or A A … vs B B …: the results to compare with and those to judge, .json or .html."
                    + " Several of each say more: 5 and 5 are enough to be sure.")
    List<String> files;

    @Option(
            names = "--noise",
            paramLabel = "PERCENT",
            defaultValue = "5",
            description = "Percent by which figures may differ in any case.")
    double noise;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Write a page in which the runs lie one above the other.")
    Path html;

    @Override
    public Integer call() throws IOException {
        if (!(noise >= 0 && noise <= MOST_PERCENT)) {
            throw Usage.of(spec, "--noise", "must be from 0 to 1000 percent, not " + Units.plain(noise));
        }
        if (html != null && OutputFile.problem(html) != null) {
            throw Usage.of(spec, "--html", OutputFile.problem(html));
        }
        int vs = files.indexOf(VERSUS);
        if (vs != files.lastIndexOf(VERSUS) || vs < 0 && files.size() != 2 || vs == 0 || vs == files.size() - 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "give two results, or several of each kind with 'vs' in between: compare a1.json a2.json vs b1.json"
                            + " b2.json");
        }
        List<String> before = files.subList(0, vs < 0 ? 1 : vs);
        List<String> after = files.subList(vs < 0 ? 1 : vs + 1, files.size());
        Comparison comparison;
        List<StoredResult> a;
        List<StoredResult> b;
        try {
            a = StoredFiles.read(before);
            b = StoredFiles.read(after);
            comparison = Comparison.of(a, b, noise / 100);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        String text = comparison.text(String.join(" ", before), String.join(" ", after));
        System.out.print(text);
        if (html != null) {
            Files.writeString(html, Overlay.page(a, b, text));
        }
        return Failure.unlessLost(comparison.isWorse() ? 1 : 0);
    }
}
