package org.reactorserver.cli;

import java.util.List;
import java.util.Map;
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
    static Callable<Integer> of(String name, Environment environment) {
        return switch (name) {
            case DEFAULT -> new ParsedServe(environment, strays(environment));
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
        String option = name.matches("[0-9]{1,5}") ? "--port " + name : "--" + name;
        return specs().get(0).findOption(option.split(" ")[0]) != null
                ? "unknown command '" + name + "'" + Nearest.question(List.of(option))
                : Usage.unknown("command", name, NAMES);
    }

    /** What in the environment is no command's. */
    static Strays strays(Environment environment) {
        return new Strays(environment, Commands::ofVariables);
    }

    private static List<String> ofVariables() {
        return specs().stream()
                .flatMap(spec -> OptionNames.ofVariables(spec).stream())
                .toList();
    }

    /** All of them with all their options. */
    static List<CommandSpec> specs() {
        return NAMES.stream()
                .map(name -> of(name, new Environment(Map.of())))
                .map(CommandLines::of)
                .map(CommandLine::getCommandSpec)
                .toList();
    }
}
