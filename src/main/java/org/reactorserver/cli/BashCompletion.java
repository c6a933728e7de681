package org.reactorserver.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A bash script that completes commands, options and values, made from the options themselves. */
final class BashCompletion {
    private static final String SCRIPT = """
            # bash completion for reactor-server, as "reactor-server completion bash" prints it.
            _reactor_server() {
                local current=${COMP_WORDS[COMP_CWORD]} previous= command=%1$s options
                COMPREPLY=()
                ((COMP_CWORD > 0)) && previous=${COMP_WORDS[COMP_CWORD-1]}
                # An equals sign is a word of its own.
                if [[ $current == = ]]; then
                    previous+== current=
                elif [[ $previous == = ]]; then
                    previous=${COMP_WORDS[COMP_CWORD-2]}=
                fi
                case ${COMP_WORDS[1]} in %2$s) ((COMP_CWORD > 1)) && command=${COMP_WORDS[1]} ;; esac

                # What an option's value can be.
                case $command,$previous in
            %3$s
                esac

                case $command in
            %4$s
                esac
                if ((COMP_CWORD == 1)) && [[ $current != -* ]]; then
                    options="%5$s"
                fi
                COMPREPLY=($(compgen -W "$options" -- "$current"))
            }
            complete -F _reactor_server reactor-server
            """;

    private static final String FILES = "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$current\")); return";

    private final List<CommandSpec> commands;

    BashCompletion(List<CommandSpec> commands) {
        this.commands = commands;
    }

    @Override
    public String toString() {
        List<String> names = commands.stream().map(CommandSpec::name).toList();
        return SCRIPT.formatted(
                commands.get(0).name(), String.join("|", names), values(), options(), String.join(" ", names));
    }

    /** A branch for each set of values: the options that have it. */
    private String values() {
        Map<String, List<String>> branches = new LinkedHashMap<>();
        for (CommandSpec command : commands) {
            for (OptionSpec option : command.options()) {
                String action = action(option);
                Stream<String> patterns = Arrays.stream(option.names())
                        .flatMap(name ->
                                Described.takesNextWord(option) ? Stream.of(name, name + "=") : Stream.of(name + "="));
                branches.merge(
                        action,
                        patterns.map(each -> command.name() + "," + each).toList(),
                        (one, more) ->
                                Stream.concat(one.stream(), more.stream()).toList());
            }
        }
        return branches.entrySet().stream()
                .map(branch -> "        " + String.join("|", branch.getValue()) + ")\n            " + branch.getKey()
                        + "\n            ;;")
                .collect(Collectors.joining("\n"));
    }

    private static String action(OptionSpec option) {
        if (Described.isFile(option)) {
            return FILES;
        }
        List<String> words = OptionNames.isFlag(option) ? List.of("true", "false") : offered(option);
        return words.isEmpty()
                ? "return" // any value is possible
                : "COMPREPLY=($(compgen -W \"" + String.join(" ", words) + "\" -- \"$current\")); return";
    }

    /** A colon ends a word in bash. */
    private static List<String> offered(OptionSpec option) {
        return Described.words(option).stream()
                .filter(word -> !word.contains(":"))
                .toList();
    }

    private String options() {
        return commands.stream()
                .map(command -> "        " + command.name() + ") options=\"" + offered(command) + "\" ;;")
                .collect(Collectors.joining("\n"));
    }

    private static String offered(CommandSpec command) {
        Stream<String> positional =
                command.positionalParameters().stream().flatMap(each -> Described.words(each).stream());
        return Stream.concat(
                        positional,
                        command.options().stream()
                                .flatMap(option -> Arrays.stream(option.names()))
                                .filter(name -> name.startsWith("--")))
                .collect(Collectors.joining(" "));
    }
}
