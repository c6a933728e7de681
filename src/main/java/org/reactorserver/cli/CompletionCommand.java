package org.reactorserver.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code completion}: what lets a shell complete commands, options and values. */
@Command(
        name = "completion",
        description = "Prints what lets a shell complete commands, options and values.",
        usageHelpWidth = 100)
final class CompletionCommand implements Callable<Integer> {
    private final Supplier<List<CommandSpec>> commands;

    @Spec
    CommandSpec spec;

    @Mixin
    Verbosity verbosity;

    @Parameters(paramLabel = "bash|zsh", description = "The shell. In bash: source <(reactor-server completion bash)")
    String shell;

    /** Will be asked for all commands. */
    CompletionCommand(Supplier<List<CommandSpec>> commands) {
        this.commands = commands;
    }

    @Override
    public Integer call() {
        switch (shell) {
            case "bash" -> System.out.print(new BashCompletion(commands.get()));
            case "zsh" -> System.out.print(new ZshCompletion(commands.get()));
            default -> throw Usage.of(spec, Usage.unknown("shell", shell, List.of("bash", "zsh")));
        }
        return 0;
    }
}
