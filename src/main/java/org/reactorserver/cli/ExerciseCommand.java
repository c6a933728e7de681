package org.reactorserver.cli;

import java.nio.file.Files;
import java.nio.file.Path;
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
            "Exit code: 0 it is right; 1 the fault is there, or it cannot be compiled; 2 wrong usage.%n"
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

    @Option(names = CHECK, paramLabel = "FILE", description = "A solution, in Java, to be compiled and tried.")
    Path check;

    @Override
    public Integer call() throws Exception {
        Exercises exercises = new Exercises(System.out, Language.inForce());
        if (number == null) {
            if (check != null) {
                throw Usage.of(spec, CHECK + " needs the number of the exercise: exercise 3 --check " + check);
            }
            exercises.list();
            return 0;
        }
        if (number < 1 || number > Exercises.COUNT) {
            throw Usage.of(spec, "there is no exercise %d: expected 1 to %d".formatted(number, Exercises.COUNT));
        }
        if (check == null) {
            exercises.print(number);
            return 0;
        }
        if (!Files.isReadable(check) || Files.isDirectory(check)) {
            throw Usage.of(spec, CHECK, "'" + check + "': there is no such file, or it may not be read");
        }
        return exercises.check(number, check) ? 0 : 1;
    }
}
