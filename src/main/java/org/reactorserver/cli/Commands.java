package org.reactorserver.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What the command line can do, by name. */
final class Commands {
    /** What runs if no command is named. */
    static final String DEFAULT = "serve";

    static final List<String> NAMES =
            List.of(DEFAULT, "client", "load", "compare", "merge", "demo", "exercise", "completion", "man");

    private Commands() {}

    /**
     * The command of that name, to be given its options; null if there is none. Only that one is made: it costs time.
     */
    static Callable<Integer> of(String name) {
        return switch (name) {
            case DEFAULT -> new ServeCommand();
            case "client" -> new ClientCommand();
            case "load" -> new LoadCommand();
            case "compare" -> new CompareCommand();
            case "merge" -> new MergeCommand();
            case "demo" -> new DemoCommand();
            case "exercise" -> new ExerciseCommand();
            case "completion" -> new CompletionCommand(Commands::specs);
            case "man" -> new ManCommand(Commands::specs);
            default -> null;
        };
    }

    /** All of them with all their options. */
    static List<CommandSpec> specs() {
        return NAMES.stream()
                .map(Commands::of)
                .map(CommandLines::of)
                .map(CommandLine::getCommandSpec)
                .toList();
    }
}
