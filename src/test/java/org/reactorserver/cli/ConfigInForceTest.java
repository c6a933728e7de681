package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.helper.Console;
import org.reactorserver.option.Option;

/** {@code --print-config}. */
@Timeout(60)
class ConfigInForceTest {
    @RegisterExtension
    private final Console console = new Console();

    @TempDir
    Path directory;

    /** The sections of what is printed, each with its heading. */
    private List<String> print(Map<String, String> environment, String... arguments) {
        String[] all = Stream.concat(Arrays.stream(arguments), Stream.of("--print-config"))
                .toArray(String[]::new);
        console.clear();
        assertThat(Main.run(new Environment(environment), all)).as(console::err).isZero();
        assertThat(console.err()).isEmpty();
        return List.of(console.out().split("\n\n"));
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("server.conf"), text);
    }

    @Test
    void eachValueStandsUnderWhereItIsFrom() throws IOException {
        Path file = file("port=1\n\nidle-timeout = 10m\nframing=line\n");
        List<String> printed =
                print(Map.of("REACTOR_CONFIG", file.toString(), "REACTOR_MAX_MESSAGE", "64k"), "-p", "0", "--echo");
        assertThat(printed.subList(0, 4))
                .containsExactly(
                        "# from the command line\nport=0\necho=true",
                        "# from REACTOR_MAX_MESSAGE\nmax-message=64KiB",
                        "# from " + file + ", line 4, column 9\nframing=line",
                        "# from " + file + ", line 3, column 16\nidle-timeout=10m");
        assertThat(printed.get(4)).startsWith("# worked out, ").containsPattern("\n#workers=\\d+\n");
        assertThat(printed.get(5))
                .startsWith("# set nowhere: the defaults\n")
                .contains("\n#host=127.0.0.1\n", "\n#work=0\n", "\n#verbose=false\n", "\n#trace=false");
        assertThat(printed.get(6)).startsWith("# set nowhere: ").contains("\n#allow=all\n", "\n#handler=\n");
        assertThat(printed).hasSize(7);
    }

    @Test
    void everyOptionThatAFileCanHaveIsInItOnce() {
        String printed = "\n" + String.join("\n", print(Map.of(), "--listen", "127.0.0.1:1", "--listen", "unix:/s"));
        assertThat(printed).contains("\nlisten=127.0.0.1:1 unix:/s\n");
        ServeOptions.OF_FILES.stream()
                .map(Option::name)
                .filter(key -> !List.of("host", "port", "reply").contains(key)) // which are not in force
                .forEach(key -> assertThat(printed.split("\n#?" + key + "=", -1))
                        .as(key)
                        .hasSize(2));
    }

    @Test
    void whatCountsForNothingIsSaidToCountForNothing() {
        assertThat(print(Map.of("REACTOR_REPLY", "hello"), "--no-reply"))
                .contains("# from the command line\nno-reply=true")
                .contains("# from REACTOR_REPLY: out of force\n#reply=hello");
    }

    @Test
    void whatTheMachineCannotDoIsSaidAsItIs() {
        assertThat(print(Map.of(), "--max-connections", "2147483647").get(0))
                .matches("# from the command line, which says 2147483647\nmax-connections=\\d{1,9}");
    }

    @ParameterizedTest
    @ValueSource(strings = {" two blanks ", "a\\u6536b\\nc=d", "\\\\n\\t# no comment"})
    void whatIsPrintedIsReadAsItWasTold(String reply) throws IOException {
        String[] told = {
            "--config",
            file("keep-idle=10s\nframing=length\nreply=" + reply + "\n").toString()
        };
        print(Map.of(), told);
        String first = console.out();
        Files.writeString(directory.resolve("again.conf"), first);
        print(Map.of(), "--config", directory.resolve("again.conf").toString());
        assertThat(withoutOrigins(console.out()))
                .isEqualTo(withoutOrigins(first))
                .contains("keep-idle=10s");
    }

    private static List<String> withoutOrigins(String printed) {
        return printed.lines().filter(line -> !line.startsWith("# ")).toList();
    }

    @Test
    void whatIsWrongIsSaidAsEver() throws IOException {
        Path file = file("high-water=2MiB\noutbox-limit=1MiB\n");
        String[] arguments = {"--config", file.toString(), "--print-config"};
        assertThat(Main.run(new Environment(Map.of()), arguments)).isEqualTo(2);
        assertThat(console.err()).contains("must be at most --outbox-limit", "line 1, column 12");
        assertThat(console.out()).isEmpty();
    }
}
