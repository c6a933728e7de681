package org.reactorserver.cli;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.reactorserver.ReactorServer;
import org.reactorserver.admin.AdminOptions;
import org.reactorserver.option.Option;
import org.reactorserver.option.OptionException;
import org.reactorserver.option.Options;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Everything that a server can be told, as options of the command line: they are made from their registry. */
final class ServerOptions {
    private static final int FIRST_OF_TOPIC = 100;

    /** The server's and those of what comes with it. */
    static final List<Option<?>> ALL = Stream.of(AdminOptions.all(), Options.all())
            .flatMap(List::stream)
            .sorted(Comparator.comparing(Option::topic))
            .toList();

    private ServerOptions() {}

    /** Adds them to a command. */
    static void addTo(CommandSpec spec) {
        for (int i = 0; i < ALL.size(); i++) {
            Option<?> option = ALL.get(i);
            int order = (option.topic().ordinal() + 1) * HelpText.ORDERS_PER_HEADING + FIRST_OF_TOPIC + i;
            spec.addOption(make(option, order));
        }
    }

    private static OptionSpec make(Option<?> option, int order) {
        OptionSpec.Builder made = OptionSpec.builder(
                        option == Options.PORT ? new String[] {"-p", "--port"} : new String[] {option.toString()})
                .type(option.kind().separator() == null ? String.class : String[].class)
                .paramLabel(option.kind().label())
                .order(order)
                .description(escaped(option.meaning()), "  Default: " + escaped(option.standardText()));
        if (option.standard() instanceof Boolean) { // --keep-alive is --keep-alive=true
            made.arity("0..1").fallbackValue("true");
        } else {
            made.arity("1");
        }
        return made.build();
    }

    /** The parser reads descriptions as formats. */
    private static String escaped(String text) {
        return text.replace("%", "%%");
    }

    /**
     * Tells the builder what was given.
     *
     * @throws ParameterException if an option cannot have its value
     */
    static void configure(CommandSpec spec, ReactorServer.Builder builder) {
        try {
            for (Option<?> option : ALL) {
                Object given = spec.findOption(option.toString()).getValue();
                if (given instanceof String[] several) {
                    set(builder, option, String.join(option.kind().separator(), several));
                } else if (given != null) {
                    set(builder, option, given.toString());
                }
            }
        } catch (OptionException e) {
            throw usage(spec, e);
        }
    }

    private static <T> void set(ReactorServer.Builder builder, Option<T> option, String given) {
        builder.set(option, option.parse(given));
    }

    /** The same in terms of the command line. */
    static ParameterException usage(CommandSpec spec, OptionException e) {
        return Usage.of(spec, "--" + e.name(), e.problem(name -> "--" + name));
    }
}
