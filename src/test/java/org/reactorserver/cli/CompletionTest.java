package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactorserver.helper.Shell;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What shells complete, tried in them. */
@Timeout(60)
class CompletionTest {
    @TempDir
    Path directory;

    /** What bash offers for the last of these words. */
    private List<String> bash(String... words) throws IOException {
        assumeTrue(Shell.has("bash", "--version"), "skipped: there is no bash");
        Path script = directory.resolve("completion");
        Files.writeString(script, new BashCompletion(Commands.specs()).toString());
        String quoted = Stream.of(words).map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        String program = """
                compopt() { :; }; cd %s; . %s
                COMP_WORDS=(reactor-server %s) COMP_CWORD=%d
                _reactor_server; printf '%%s\\n' "${COMPREPLY[@]}"
                """.formatted(directory, script, quoted, words.length);
        return Shell.run("bash", "-euc", program).lines().toList();
    }

    private static String[] longNames(CommandSpec command) {
        return command.options().stream()
                .flatMap(option -> Arrays.stream(option.names()))
                .filter(name -> name.startsWith("--"))
                .toArray(String[]::new);
    }

    @Test
    void bashOffersEveryOptionOfEveryCommand() throws IOException {
        for (CommandSpec command : Commands.specs()) {
            assertThat(bash(command.name(), "--")).containsExactlyInAnyOrder(longNames(command));
        }
        assertThat(bash("--"))
                .containsExactlyInAnyOrder(longNames(Commands.specs().get(0)));
        assertThat(bash("")).containsExactlyElementsOf(Commands.NAMES);
    }

    @ParameterizedTest
    @CsvSource({
        "c, client compare completion",
        "--max-con, --max-connections --max-connections-per-ip",
        "serve --invalid-utf8 re, reject replace",
        "serve --invalid-utf8 = re, reject replace",
        "--workers v, virtual",
        "--keep-alive = f, false",
        "--no-delay =, true false",
        "load --expect e, echo",
        "client --proxy-header '', v1 v2",
        "--framing n, nul",
        "completion z, zsh",
        "serve --config se, server.conf",
        "--config = se, server.conf",
        "serve --host '', ''",
        "client -p '', ''",
        "serve --port 1 --echo --idle, --idle-timeout",
    })
    void bashOffersWhatCanStandThere(String words, String offered) throws IOException {
        Files.createFile(directory.resolve("server.conf"));
        List<String> line = Arrays.stream(words.split(" "))
                .map(word -> word.equals("''") ? "" : word)
                .toList();
        List<String> all = bash(line.toArray(String[]::new));
        List<String> expected = Arrays.asList(offered.split(" "));
        assertThat(all).isEqualTo(expected);
    }

    /** What zsh hands to its own {@code _arguments}, a line for each. */
    private List<String> zsh(String... words) throws IOException {
        assumeTrue(Shell.has("zsh", "--version"), "skipped: there is no zsh");
        Path script = directory.resolve("_reactor_server");
        Files.writeString(script, new ZshCompletion(Commands.specs()).toString());
        String program = """
                compdef() { : }; _arguments() { print -rl -- "$@" }; _describe() { print -rl -- $commands }
                . %s; words=(reactor-server %s) CURRENT=%d; _reactor_server
                """.formatted(script, String.join(" ", words), words.length + 1);
        return Shell.run("zsh", "-fc", program).lines().toList();
    }

    @Test
    void zshKnowsEveryOptionOfEveryCommand() throws IOException {
        for (CommandSpec command : Commands.specs()) {
            List<String> known = zsh(command.name(), "-");
            int names = command.options().stream()
                    .mapToInt(option -> option.names().length)
                    .sum();
            assertThat(known).hasSize(1 + names + command.positionalParameters().size());
            for (OptionSpec option : command.options()) {
                for (String name : option.names()) {
                    assertThat(known)
                            .as(name)
                            .filteredOn(line -> line.matches("(\\([^)]*\\)|\\*)?" + name + "[=+-]{0,2}\\[.*"))
                            .hasSize(1);
                }
            }
        }
        assertThat(zsh("serve", "-"))
                .contains("*--listen=[In place of --host and --port, and as often as needed\\: HOST\\:PORT,"
                        + " \\[IPV6\\]\\:PORT, unix\\:PATH, or inherit for the socket that systemd passes; with ,tls or"
                        + " ,proxy or both behind it.]:WHERE: ")
                .contains(
                        "--invalid-utf8=[How bytes are treated that are not valid UTF-8, or not valid in the charset.]"
                                + ":reject|replace:(reject replace)");
        assertThat(zsh("c"))
                .hasSize(Commands.NAMES.size())
                .contains("serve:The server. Without an option\\: the tutorial's server, on port 8888.");
    }
}
