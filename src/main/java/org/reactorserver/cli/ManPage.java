package org.reactorserver.cli;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page, in roff, made from the options themselves. */
final class ManPage {
    private static final String BEGINNING = """
            .SH NAME
            reactor\\-server \\- TCP message server on one selector thread, with its clients and its load client
            .SH SYNOPSIS
            .B reactor\\-server
            .RI [ command ]
            .RI [ options ]
            .SH DESCRIPTION
            Without a command it serves; without an option it serves on 127.0.0.1:8888.
            Its first line on standard output is "reactor\\-server listening on", printed when it can be connected to.
            SIGTERM and Ctrl\\-C drain it: what has arrived is answered before it ends.
            .PP
            Durations are written 500ms, 10s, 2m, 1h; sizes 64, 16KiB, 16k, 1MiB.
            """;

    private static final String END = """
            .SH CONFIGURATION
            An option that is not on the command line is taken from the environment, else from the file of
            .BR \\-\\-config ,
            else it has its default.
            The variable of \\-\\-max\\-message is REACTOR_MAX_MESSAGE; one that is no option's is warned of.
            .PP
            The file is a Java properties file in UTF\\-8 whose keys are the options' names without dashes,
            a line each: max\\-message=64KiB.
            Lines that begin with # are comments.
            .B reactor\\-server serve \\-\\-print\\-config
            prints what is in force in that form, and where each value is from.
            .SH SIGNALS
            .TP
            .BR SIGTERM ", " SIGINT
            Drain, and end.
            .TP
            .B SIGHUP
            Read certificates, and \\-\\-allow and \\-\\-deny from the file, again; without a file and certificates, end.
            .SH EXIT STATUS
            """;

    private static final String FILES = """
            .SH FILES
            .TP
            .I /etc/reactor\\-server/reactor\\-server.conf
            The options of the service, where it is installed as a package.
            .SH EXAMPLES
            .TP
            .B reactor\\-server \\-\\-framing line \\-\\-echo
            Answer each line with itself.
            .TP
            .B reactor\\-server \\-\\-config server.conf \\-\\-print\\-config
            Check a file and see what it comes to.
            .TP
            .B reactor\\-server load \\-\\-framing line \\-\\-expect echo
            Put the first one under load.
            """;

    private final List<CommandSpec> commands;

    ManPage(List<CommandSpec> commands) {
        this.commands = commands;
    }

    @Override
    public String toString() {
        StringBuilder page = new StringBuilder(".TH REACTOR\\-SERVER 1 \"\" \"")
                .append(text(Version.line()))
                .append("\" \"User Commands\"\n")
                .append(BEGINNING)
                .append(".SH COMMANDS\n");
        for (CommandSpec command : commands) {
            page.append(".SS ").append(text(command.name())).append('\n');
            page.append(text(Described.all(command))).append('\n');
            command.positionalParameters().forEach(each -> page.append(positional(each)));
            List<String> headings = HelpText.headings(command);
            for (int i = 0; i < headings.size(); i++) {
                page.append(headings.get(i).isEmpty() ? "" : ".PP\n.I " + text(headings.get(i)) + "\n");
                HelpText.under(i, command.options()).forEach(each -> page.append(option(each)));
            }
        }
        page.append(END);
        ExitCodes.ALL.forEach((code, meaning) -> page.append(entry(".B " + code, List.of(meaning))));
        return page.append(FILES).toString();
    }

    private static String option(OptionSpec option) {
        String names = Arrays.stream(option.names()).map(ManPage::text).collect(Collectors.joining("\" \", \" \""));
        String label = "\\fI" + text(option.paramLabel()) + "\\fR";
        String value = option.arity().max() == 0 ? "" : option.arity().min() == 0 ? "[=" + label + "]" : "=" + label;
        return entry(".BR \"" + names + "\"" + (value.isEmpty() ? "" : " \"" + value + "\""), Described.lines(option));
    }

    private static String positional(PositionalParamSpec parameter) {
        return entry(".I " + text(parameter.paramLabel()), Described.lines(parameter));
    }

    private static String entry(String head, List<String> lines) {
        return ".TP\n" + head + "\n"
                + lines.stream().map(ManPage::ascii).map(ManPage::text).collect(Collectors.joining("\n.br\n")) + "\n";
    }

    /** Not every groff has more than that, and leaves the rest out without a word. */
    private static String ascii(String line) {
        return line.chars().allMatch(c -> c < 128) ? line : "Default: a text in Chinese, which --help-all shows";
    }

    /** So that it is printed as it stands: hyphens that can be copied, and no line taken for a request. */
    private static String text(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
