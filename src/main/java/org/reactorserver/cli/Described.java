package org.reactorserver.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.reactorserver.framing.Framing;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What completion and the manual page tell of commands and options. */
final class Described {
    private static final List<String> FILES = List.of("FILE", "FILE,...", "PATH");

    private Described() {}

    /** What a command does, in a sentence. */
    static String sentence(CommandSpec command) {
        return text(command.usageMessage().description()[0]);
    }

    /** All that is said of a command. */
    static String all(CommandSpec command) {
        return Arrays.stream(command.usageMessage().description())
                .map(Described::text)
                .collect(Collectors.joining(" "));
    }

    /** What an option or a parameter means, with its default if that is not said in what it means. */
    static List<String> lines(ArgSpec argument) {
        List<String> lines = new ArrayList<>();
        for (String line : argument.description()) {
            lines.add(text(line));
        }
        if (argument.defaultValue() != null) {
            lines.add("Default: " + argument.defaultValue());
        }
        return lines;
    }

    /** The parser reads descriptions as formats. */
    private static String text(String format) {
        return format.formatted().strip();
    }

    /** Whether a value of it is a file. */
    static boolean isFile(ArgSpec argument) {
        return FILES.contains(argument.paramLabel());
    }

    /** The values that can be offered; empty if they are anything. */
    static List<String> words(ArgSpec argument) {
        if (argument instanceof OptionSpec option && option.longestName().equals("--framing")) {
            return Arrays.stream(Framing.FORMS.split(", | or ")).toList();
        }
        return argument.paramLabel().contains("|") || argument.isPositional()
                ? Arrays.stream(argument.paramLabel().split("\\|"))
                        .filter(word -> word.matches("[a-z][a-z0-9-]*"))
                        .toList()
                : List.of();
    }

    /** Whether an option takes the next word for its value; if not, it takes none, or one behind an equals sign. */
    static boolean takesNextWord(OptionSpec option) {
        return option.arity().min() > 0;
    }
}
