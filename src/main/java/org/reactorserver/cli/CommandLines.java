package org.reactorserver.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Commands with all their options, as the parser, the help, the completion and the manual page read them. */
final class CommandLines {
    private CommandLines() {}

    /** The command, whose options are still to be parsed. */
    static CommandLine of(Callable<Integer> command) {
        CommandSpec spec =
                command instanceof ParsedServe serve ? serve.spec() : CommandSpec.forAnnotatedObject(command);
        spec.interpolateVariables(false); // a value is what was given, and no text with variables of the parser's
        CommandLine line = new CommandLine(spec).setExpandAtFiles(false);
        Map.of(
                        int.class, PlainConverter.INT,
                        Integer.class, PlainConverter.INT,
                        long.class, PlainConverter.LONG,
                        Long.class, PlainConverter.LONG,
                        double.class, PlainConverter.DOUBLE,
                        Double.class, PlainConverter.DOUBLE,
                        boolean.class, PlainConverter.TRUTH)
                .forEach((type, converter) -> register(line, type, converter));
        return line;
    }

    @SuppressWarnings("unchecked") // a primitive type's class has the other one's values
    private static <T> void register(CommandLine line, Class<?> type, PlainConverter<T> converter) {
        line.registerConverter((Class<T>) type, converter);
    }
}
