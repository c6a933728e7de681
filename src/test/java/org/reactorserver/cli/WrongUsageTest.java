package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactorserver.helper.Console;

/**
 * Wrong usage of every command, and what is said of it, in English and in Chinese: {@code wrong-usages.txt} has three
 * lines for each. In the first {@code NAME=value} before the command is a variable of the environment, {@code \s} a
 * space, {@code \n} a line feed, and {@code @a=1;b=2} a file with these lines, which the messages call FILE. HERE is the
 * working directory.
 */
@Timeout(120)
class WrongUsageTest {
    private static final String PREFIX = "reactor-server: ";

    @RegisterExtension
    private final Console console = new Console();

    @TempDir
    Path directory;

    private record Case(String typed, String english, String chinese) {
        @Override
        public String toString() {
            return typed;
        }
    }

    private static Stream<Case> cases() throws IOException {
        List<String> lines;
        try (InputStream in = WrongUsageTest.class.getResourceAsStream("wrong-usages.txt")) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < lines.size(); i += 3) {
            cases.add(new Case(lines.get(i).substring("$ ".length()), lines.get(i + 1), lines.get(i + 2)));
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isOneLineThatSaysWhatIsWrong(Case wrong) throws IOException {
        assertIs(said(wrong, "en"), wrong.english);
        assertIs(said(wrong, "zh"), wrong.chinese);
    }

    /** Of a long list only the beginning is expected, up to an ellipsis. */
    private static void assertIs(String said, String expected) {
        if (expected.endsWith("…")) {
            assertThat(said).startsWith(expected.substring(0, expected.length() - 1));
        } else {
            assertThat(said).isEqualTo(expected);
        }
    }

    private String said(Case wrong, String language) throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of("REACTOR_LANG", language));
        List<String> arguments = new ArrayList<>();
        Path file = directory.resolve("server.properties");
        for (String word : wrong.typed.split(" ")) {
            if (arguments.isEmpty() && word.startsWith(Environment.PREFIX)) {
                environment.put(word.replaceFirst("=.*", ""), word.replaceFirst("[^=]*=", ""));
            } else if (word.startsWith("@")) {
                Files.writeString(file, word.substring(1).replace(';', '\n').replace("\\s", " "));
                arguments.add(file.toString());
            } else {
                arguments.add(word.replace("\\s", " ").replace("\\n", "\n"));
            }
        }
        console.clear();
        int code = Main.run(new Environment(environment), arguments.toArray(String[]::new));
        assertThat(code).as(console.err()).isEqualTo(2);
        assertThat(console.out()).isEmpty();
        assertThat(console.err()).startsWith(PREFIX).endsWith("\n");
        return console.err()
                .substring(PREFIX.length())
                .stripTrailing()
                .replace(file.toString(), "FILE")
                .replace(Path.of("").toAbsolutePath().toString(), "HERE");
    }

    /** Each option or word that is wrong is in what is said of it. */
    @ParameterizedTest
    @MethodSource("cases")
    void namesWhatWasTyped(Case wrong) {
        assertThat(wrong.typed.replace("-pabc", "abc").split("[ =@;]|\\\\[sn]"))
                .anyMatch(word -> !word.isEmpty() && wrong.english.contains(word));
    }

    @Test
    void thereAreManyOfEveryCommand() throws IOException {
        List<Case> cases = cases().toList();
        assertThat(cases).hasSizeGreaterThan(200).extracting(Case::typed).doesNotHaveDuplicates();
        for (String command : Commands.NAMES) {
            assertThat(cases).anyMatch(each -> each.typed.startsWith(command + " ") || each.typed.equals(command));
        }
    }

    @Test
    void whatHasAPartWithoutTranslationStaysEnglish() {
        assertThat(PhraseBook.translate("something else", Locale.CHINESE)).isEqualTo("something else");
        assertThat(PhraseBook.translate("'x' is not a number, and that is bad", Locale.CHINESE))
                .isEqualTo("'x' is not a number, and that is bad");
        assertThat(PhraseBook.translate("Unknown option: '--x'", Locale.ENGLISH))
                .isEqualTo("Unknown option: '--x'");
    }
}
