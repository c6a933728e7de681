package org.reactorserver.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** {@code man}: the manual page. */
@Command(
        name = "man",
        description = "Prints the manual page; to read it: reactor-server man | man -l -",
        usageHelpWidth = 100)
final class ManCommand implements Callable<Integer> {
    private final Supplier<List<CommandSpec>> commands;

    @Mixin
    Verbosity verbosity;

    /** Will be asked for all commands. */
    ManCommand(Supplier<List<CommandSpec>> commands) {
        this.commands = commands;
    }

    @Override
    public Integer call() {
        System.out.print(new ManPage(commands.get()));
        return 0;
    }
}
