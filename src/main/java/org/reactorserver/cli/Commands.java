package org.reactorserver.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** What the command line can do, by name. */
final class Commands {
    /** What runs if no command is named. */
    static final String DEFAULT = "serve";

    private Commands() {}

    /** The command of that name, to be given its options; null if there is none. Only that one is made: it costs time. */
    static Callable<Integer> of(String name) {
        return switch (name) {
            case DEFAULT -> new ServeCommand();
            case "client" -> new ClientCommand();
            case "load" -> new LoadCommand();
            case "compare" -> new CompareCommand();
            case "merge" -> new MergeCommand();
            case "demo" -> new DemoCommand();
            default -> null;
        };
    }

    /** One of each. */
    static List<Callable<Integer>> all() {
        return Stream.of(DEFAULT, "client", "load", "compare", "merge", "demo")
                .map(Commands::of)
                .toList();
    }
}
