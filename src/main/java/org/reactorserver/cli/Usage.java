package org.reactorserver.cli;

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

    /** Of the command line as a whole. */
    static ParameterException of(CommandSpec spec, String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
