package org.reactorserver.cli;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** What {@code --help} prints where no command is named. */
final class Overview {
    private static final String TEXT = """
            Usage: reactor-server [COMMAND] [OPTIONS]
               or: java -jar reactor-server.jar [COMMAND] [OPTIONS]

            A TCP message server with one selector thread, its clients and its load client.

            %s

            The everyday options of serve (serve --help-all shows all; COMMAND --help those of the others):
            %s
            Any option can be given as an environment variable too: --max-message as
            REACTOR_MAX_MESSAGE. Those of serve can be in a file: --config FILE with lines like
            max-message=64KiB. The command line counts more than the environment, and that more
            than the file; serve --print-config shows what counts.

            Exit codes: %s.
            """;

    private Overview() {}

    static String text() {
        List<CommandSpec> commands = Commands.specs();
        return TEXT.formatted(
                commands.stream()
                        .map(command -> "  %-12s%s".formatted(command.name(), Described.sentence(command)))
                        .collect(Collectors.joining("\n")),
                HelpText.everydayList(commands.get(0)),
                ExitCodes.ALL.entrySet().stream()
                        .map(each -> each.getKey() + " " + each.getValue())
                        .collect(Collectors.joining(", "))
                        .replaceAll(", (3|70) ", ",\n$1 "));
    }
}
