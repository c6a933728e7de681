package org.reactorserver.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.reactorserver.exercise.Exercises;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code exercise}: small servers with a fault each, to be corrected, and a check that exposes the fault. */
@Command(
        name = "exercise",
        description = {
            "Small servers with a fault each, to be found and corrected.",
            "  exercise              lists them",
            "  exercise 3            prints the third, with what is to be done",
            "  exercise 3 --check F  compiles the file F and says whether the fault is still there",
            "  exercise 3 --check A/Server.java B/Server.java",
            "                        the same for several, with a line each",
            "Exit code: 0 right; 1 a fault is there; 2 wrong usage; 3 not run: F cannot be read, compiled or run.",
            "Of several: 0 all are right; 1 one is not.%n"
        },
        usageHelpWidth = 100)
final class ExerciseCommand implements Callable<Integer> {
    private static final String CHECK = "--check";

    @Spec
    CommandSpec spec;

    @Mixin
    Verbosity verbosity;

    @Mixin
    Language language;

    @Parameters(paramLabel = "NUMBER", arity = "0..1", description = "Which one. Without it: the list.")
    Integer number;

    @Option(
            names = CHECK,
            paramLabel = "FILE",
            arity = "1..*",
            description = "A solution, in Java, to be compiled and tried; or several.")
    List<Path> check = List.of();

    @Override
    public Integer call() throws Exception {
        Exercises exercises = new Exercises(System.out, Language.inForce());
        if (number == null) {
            if (!check.isEmpty()) {
                throw Usage.of(
                        spec,
                        CHECK + " needs the number of the exercise before it: exercise 3 --check " + check.get(0));
            }
            exercises.list();
            return 0;
        }
        if (number < 1 || number > Exercises.COUNT) {
            throw Usage.of(spec, "there is no exercise %d: expected 1 to %d".formatted(number, Exercises.COUNT));
        }
        if (check.isEmpty()) {
            exercises.print(number);
            return 0;
        }
        if (check.size() > 1) {
            return exercises.checkAll(number, check) ? 0 : 1;
        }
        return switch (exercises.check(number, check.get(0))) {
            case RIGHT -> 0;
            case WRONG -> 1;
            case NOT_RUN -> 3;
        };
    }
}
