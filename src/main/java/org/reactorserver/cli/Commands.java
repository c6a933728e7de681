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

    /** What is wrong with a name that is none; an option without its dashes, or a port alone, is offered as an option. */
    static String unknown(String name) {
        List<String> options =
                OptionNames.all(CommandLines.of(new ServeCommand()).getCommandSpec());
        String option = name.matches("[0-9]{1,5}") ? "--port " + name : "--" + name;
        return options.contains(option.split(" ")[0])
                ? "unknown command '" + name + "'" + Nearest.question(List.of(option))
                : Usage.unknown("command", name, NAMES);
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
