package org.reactorserver.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.reactorserver.option.Option;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * {@code serve} for the parser, made from {@link ServeOptions}: for all that is written in an unusual way, or wrong, and
 * for the help, the completion and the manual page.
 */
final class ParsedServe implements Callable<Integer> {
    private static final int HELP_WIDTH = 100;

    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    private final Environment environment;
    private final Strays strays;

    /**
     * Describes the command.
     *
     * @param environment what it will run in
     * @param strays in that, to be warned of
     */
    ParsedServe(Environment environment, Strays strays) {
        this.environment = environment;
        this.strays = strays;
        spec.name(Commands.DEFAULT);
        spec.usageMessage()
                .description("The server. Without an option: the tutorial's server, on port 8888.")
                .sortOptions(false)
                .width(HELP_WIDTH);
        spec.addMixin("verbosity", CommandSpec.forAnnotatedObject(new Verbosity()));
        spec.addMixin("language", CommandSpec.forAnnotatedObject(new Language()));
        for (Option<?> option : ServeOptions.ALL) {
            if (spec.findOption(option.toString()) == null) {
                spec.addOption(described(option));
            }
        }
    }

    /** With all its options. */
    CommandSpec spec() {
        return spec;
    }

    private static OptionSpec described(Option<?> option) {
        String label = option.kind().label();
        boolean takesNone = label.isEmpty();
        List<String> lines = new ArrayList<>(escaped(option.meaning()).lines().toList());
        if (option.standardText() != null && !takesNone) {
            lines.add("  Default: " + escaped(option.standardText()));
        }
        OptionSpec.Builder made = OptionSpec.builder(ServeOptions.names(option).toArray(String[]::new))
                .type(takesNone ? Boolean.class : option.kind().separator() == null ? String.class : String[].class)
                .order(ServeOptions.heading(option) * HelpText.ORDERS_PER_HEADING + ServeOptions.ALL.indexOf(option))
                .description(lines.toArray(String[]::new));
        if (takesNone) {
            return made.build();
        }
        made.paramLabel(label);
        return ServeOptions.isFlag(option) // --keep-alive is --keep-alive=true
                ? made.arity("0..1").fallbackValue("true").build()
                : made.arity("1").build();
    }

    /** The parser reads descriptions as formats. */
    private static String escaped(String text) {
        return text.replace("%", "%%");
    }

    @Override
    public Integer call() {
        return ServeCommand.run(typed(), environment, strays);
    }

    /** What is typed for which option, once the arguments are parsed. */
    Map<Option<?>, String> typed() {
        Map<Option<?>, String> typed = new HashMap<>();
        for (Option<?> option : ServeOptions.ALL) {
            OptionSpec matched = spec.commandLine().getParseResult().matchedOption(option.toString());
            if (matched != null) {
                String separator = option.kind().separator();
                typed.put(option, String.join(separator == null ? "" : separator, matched.stringValues()));
            }
        }
        return typed;
    }
}
