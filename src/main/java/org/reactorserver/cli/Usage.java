package org.reactorserver.cli;

import java.util.Collection;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Wrong usage that the parser does not see. */
final class Usage {
    private Usage() {}

    /** Of an option, {@code --port}; what is wrong with its value goes on after a colon. */
    static ParameterException of(CommandSpec spec, String option, String problem) {
        return new ParameterException(
                spec.commandLine(),
                "Invalid value for option '%s': %s".formatted(option, problem),
                spec.findOption(option),
                null);
    }

    /** Of a name, {@code demo}, that is none of these; the nearest of them is offered. */
    static String unknown(String kind, String name, Collection<String> known) {
        List<String> near = Nearest.to(name, known);
        String hint = near.isEmpty() ? ": expected one of " + String.join(", ", known) : Nearest.question(near);
        return "unknown %s '%s'%s".formatted(kind, name, hint);
    }

    /** Of an option whose value is none of these words. */
    static ParameterException choice(CommandSpec spec, String option, String given, List<String> words) {
        return of(spec, option, choice(given, words));
    }

    /** What is wrong with a value that is none of these words; the nearest of them is offered. */
    static String choice(String given, List<String> words) {
        return "'" + given + "': expected " + choices(words) + Nearest.question(Nearest.to(given, words));
    }

    /** {@code a, b or c}. */
    static String choices(List<String> words) {
        int last = words.size() - 1;
        return String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }

    /** Of the command line as a whole. */
    static ParameterException of(CommandSpec spec, String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
