package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.reactorserver.helper.Shell;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

@Timeout(60)
class ManPageTest {
    @TempDir
    Path directory;

    @Test
    void everyOptionOfEveryCommandIsInItsSection() {
        String page = new ManPage(Commands.specs()).toString();
        for (CommandSpec command : Commands.specs()) {
            String section = page.split("\n\\.SS " + command.name() + "\n")[1].split("\n\\.S[SH] ")[0];
            for (OptionSpec option : command.options()) {
                for (String name : option.names()) {
                    assertThat(section.split("\"" + name.replace("-", "\\\\-") + "\"", -1))
                            .as("%s in %s", name, command.name())
                            .hasSize(2);
                }
            }
        }
        ExitCodes.ALL.forEach((code, meaning) -> assertThat(page).contains(".B " + code + "\n"));
    }

    @Test
    void groffHasNothingToComplainOf() throws IOException {
        assumeTrue(Shell.has("groff", "--version"), "skipped: there is no groff");
        Path file = directory.resolve("reactor-server.1");
        Files.writeString(file, new ManPage(Commands.specs()).toString());
        String printed = Shell.run("groff", "-man", "-Tascii", "-ww", "-P-cbou", file.toString());
        assertThat(printed)
                .doesNotContain("warning:", "error:")
                .contains("--invalid-utf8=reject|replace", "-p, --port=N", "Default: 64KiB");
    }
}
