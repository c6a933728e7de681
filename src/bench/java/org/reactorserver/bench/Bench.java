package org.reactorserver.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.reactorserver.bench.report.Results;
import org.reactorserver.bench.report.Sample;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Runs our server and what a user would pick instead, each in a process of its own, under the same
 * loads in turn, and writes what came of it: a table for people, all samples for programs, a chart.
 *
 * <pre>{@code
 * mvn -q -Pbench -DskipTests verify                              all of it: a good hour
 * mvn -q -Pbench -DskipTests verify -Dbench.args="--quick"       a smoke test: three minutes
 * mvn -q -Pbench -DskipTests verify -Dbench.args="--sweep"       how cost grows
 * mvn -q -Pbench -DskipTests verify -Dbench.args="--before JAR"  beside an older build of ours
 * mvn -q -Pbench -DskipTests verify -Dbench.args="--help"
 * }</pre>
 */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures reactor-server beside its peers; results go to target/bench.")
public final class Bench implements Callable<Integer> {

    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec command;

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // figures look the same everywhere
        System.exit(new CommandLine(new Bench()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (settings.complaint() != null) {
            throw new ParameterException(command.commandLine(), settings.complaint());
        }
        if (settings.withParent) {
            // A killed Maven leaves what it started behind; this then ends its own children.
            ProcessHandle.current()
                    .parent()
                    .ifPresent(parent -> parent.onExit().thenRun(() -> System.exit(CommandLine.ExitCode.SOFTWARE)));
        }
        Files.createDirectories(settings.log(""));
        Contestants contestants = new Contestants(settings);
        Generator lines = new Lines(contestants.lines);
        boolean ownGenerator = settings.generator == Settings.GeneratorKind.load;
        Plan plan = new Plan(contestants, ownGenerator ? new LoadClient(settings, 1) : lines, settings.quick);
        List<Scenario> scenarios = scenarios(plan, lines);
        List<Scenario> chosen = chosen(scenarios);
        if (settings.list) {
            scenarios.forEach(s -> System.out.printf("%-16s %s%n", s.id(), s.title()));
            return 0;
        }
        Results results = new Results();
        Reports reports = new Reports(settings, chosen, results);
        try (Run run = new Run(settings, contestants)) {
            for (Scenario scenario : chosen) {
                if (run.isLate(Duration.ZERO)) {
                    String why = "left out: the time of a quick run is over";
                    results.add(Sample.failed(scenario.id(), "all", 1, why));
                    continue;
                }
                run.say("%s", scenario.title());
                scenario.run(run, results);
                reports.write(); // so that an interrupted run has something to show
            }
            run.say("done");
        }
        System.out.println(reports.write());
        return 0;
    }

    private List<Scenario> scenarios(Plan plan, Generator lines) {
        if (settings.sweep) {
            return plan.sweep();
        } else if (settings.crossCheck) {
            return plan.crossCheck(lines, new LoadClient(settings, 2));
        }
        return settings.before != null ? plan.versions() : plan.main();
    }

    private List<Scenario> chosen(List<Scenario> scenarios) {
        List<Scenario> chosen = scenarios.stream()
                .filter(s -> settings.only.isEmpty() || settings.only.contains(s.id()))
                .toList();
        if (chosen.isEmpty()) {
            String known =
                    String.join(", ", scenarios.stream().map(Scenario::id).toList());
            throw new ParameterException(command.commandLine(), "--only " + settings.only + ": there are " + known);
        }
        return chosen;
    }
}
