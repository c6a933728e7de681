package org.reactorserver.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A zsh function that completes commands, options and values, made from the options themselves. */
final class ZshCompletion {
    private static final String SCRIPT = """
            #compdef reactor-server
            # zsh completion for reactor-server, as "reactor-server completion zsh" prints it.
            _reactor_server() {
                local command=%1$s
                local -a commands
                commands=(
            %2$s
                )
                if ((CURRENT == 2)) && [[ $words[2] != -* ]]; then
                    _describe command commands
                    return
                fi
                case $words[2] in
                    %3$s)
                        command=$words[2]
                        shift words
                        ((CURRENT--))
                        ;;
                esac
                case $command in
            %4$s
                esac
            }
            if [[ $funcstack[1] == _reactor_server ]]; then _reactor_server "$@"; else compdef _reactor_server reactor-server; fi
            """;

    private final List<CommandSpec> commands;

    ZshCompletion(List<CommandSpec> commands) {
        this.commands = commands;
    }

    @Override
    public String toString() {
        return SCRIPT.formatted(
                commands.get(0).name(),
                lines(commands.stream()
                        .map(command ->
                                "        " + quoted(command.name() + ":" + plain(Described.sentence(command))))),
                commands.stream().map(CommandSpec::name).collect(Collectors.joining("|")),
                lines(commands.stream().map(ZshCompletion::branch)));
    }

    private static String branch(CommandSpec command) {
        return "        " + command.name() + ")\n            _arguments -s \\\n"
                + Stream.concat(
                                command.options().stream().map(ZshCompletion::option),
                                command.positionalParameters().stream().map(ZshCompletion::positional))
                        .map(each -> "                " + each)
                        .collect(Collectors.joining(" \\\n"))
                + "\n            ;;";
    }

    /** As {@code _arguments} expects it: what excludes it, its names, what it means, its value. */
    private static String option(OptionSpec option) {
        String meaning = "[" + plain(Described.lines(option).get(0)) + "]" + value(option);
        if (option.names().length == 1) {
            return quoted((option.isMultiValue() ? "*" : "") + name(option, option.longestName()) + meaning);
        }
        String[] names = option.names();
        return "'(" + String.join(" ", names) + ")'{"
                + Stream.of(names).map(each -> name(option, each)).collect(Collectors.joining(",")) + "}"
                + quoted(meaning);
    }

    private static String name(OptionSpec option, String name) {
        String separator = name.startsWith("--") ? "=" : "+";
        return name + (Described.takesNextWord(option) ? separator : isPlain(option) ? "" : "=-");
    }

    /** Whether it is usually typed without a value. */
    private static boolean isPlain(OptionSpec option) {
        return option.arity().max() == 0;
    }

    private static String value(ArgSpec argument) {
        if (argument instanceof OptionSpec option && isPlain(option)) {
            return "";
        }
        boolean isOptional = argument.arity().min() == 0;
        return (isOptional ? "::" : ":") + plain(argument.paramLabel()) + ":" + action(argument);
    }

    private static String action(ArgSpec argument) {
        if (Described.isFile(argument)) {
            return "_files";
        }
        List<String> words = Described.words(argument);
        return words.isEmpty() ? " " : "(" + plain(String.join(" ", words)) + ")";
    }

    private static String positional(PositionalParamSpec parameter) {
        return quoted((parameter.arity().max() > 1 ? "*" : "1") + value(parameter));
    }

    private static String plain(String text) {
        return text.replaceAll("([\\[\\]:\\\\])", "\\\\$1");
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private static String lines(Stream<String> lines) {
        return lines.collect(Collectors.joining("\n"));
    }
}
