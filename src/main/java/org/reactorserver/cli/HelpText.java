package org.reactorserver.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** What {@code --help} prints of a command: the everyday options, where it has many; and {@code --help-all}: all. */
final class HelpText implements IHelpSectionRenderer {
    /**
     * The thousands of an option's order in the help are its heading, also for those that only the command line
     * has: first what is about the command line, then the topics of the registry.
     */
    static final int ORDERS_PER_HEADING = 1_000;

    private static final List<String> HEADINGS = List.of(
            "Command line",
            "Where it listens",
            "What it does with messages",
            "How much it allows",
            "How long it waits",
            "Sockets",
            "Watching it");

    private static final Map<String, List<String>> EVERYDAY = Map.of(
            "serve",
            List.of(
                    "--config",
                    "--host",
                    "--port",
                    "--tls-cert",
                    "--tls-key",
                    "--framing",
                    "--echo",
                    "--handler",
                    "--idle-timeout",
                    "--transcript"));

    private final List<OptionSpec> shown;

    private HelpText(List<OptionSpec> shown) {
        this.shown = shown;
    }

    /** The help that was asked for. */
    static String of(CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        String name = spec.name();
        boolean isAll = line.getParseResult().originalArgs().contains(Verbosity.HELP_ALL);
        UsageMessageSpec usage = spec.usageMessage();
        usage.abbreviateSynopsis(true);
        usage.sectionMap()
                .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, new HelpText(isAll ? spec.options() : everyday(spec)));
        if (EVERYDAY.containsKey(name) && !isAll) {
            usage.footer("", "These are the everyday options; --help-all shows all of them.");
        }
        line.setCommandName("reactor-server " + name);
        return line.getUsageMessage();
    }

    /** The everyday options of a command under their headings, and nothing else. */
    static String everydayList(CommandSpec spec) {
        return new HelpText(everyday(spec)).render(new Help(spec, Help.defaultColorScheme(Help.Ansi.AUTO)));
    }

    /** The everyday options of a command, or all that it has if they are few. */
    private static List<OptionSpec> everyday(CommandSpec spec) {
        List<String> names = EVERYDAY.get(spec.name());
        return spec.options().stream()
                .filter(option -> names == null || names.contains(option.longestName()) || option.usageHelp())
                .toList();
    }

    /** The headings under which a command's options stand, in their order; a single empty one if it has none. */
    static List<String> headings(CommandSpec spec) {
        return spec.options().stream().anyMatch(option -> option.order() >= ORDERS_PER_HEADING)
                ? HEADINGS
                : List.of("");
    }

    /** The options that stand under the heading, in their order. */
    static List<OptionSpec> under(int heading, List<OptionSpec> options) {
        return options.stream()
                .filter(option -> Math.max(0, option.order()) / ORDERS_PER_HEADING == heading)
                .sorted(Comparator.comparingInt(OptionSpec::order))
                .toList();
    }

    @Override
    public String render(Help help) {
        List<String> headings = headings(help.commandSpec());
        StringBuilder text = new StringBuilder();
        for (int heading = 0; heading < headings.size(); heading++) {
            List<OptionSpec> options = under(heading, shown);
            if (!options.isEmpty()) {
                Help.Layout layout = help.createDefaultLayout(shown, List.of(), help.colorScheme());
                layout.addOptions(options, help.parameterLabelRenderer());
                text.append(headings.get(heading).isEmpty() ? "" : "%n%s:%n".formatted(headings.get(heading)));
                text.append(layout);
            }
        }
        return text.toString();
    }
}
