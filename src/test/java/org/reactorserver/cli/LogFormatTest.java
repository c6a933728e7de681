package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.reactorserver.helper.Console;
import org.reactorserver.text.Log;
import org.slf4j.event.Level;

/** Log lines for programs: each of them is one, whatever is said. */
class LogFormatTest {
    private static final String SAID = "a \"text\"\nof two lines";

    @RegisterExtension
    final Console console = new Console();

    @TempDir
    Path directory;

    @AfterEach
    void backToSlf4j() {
        Log.to(null);
    }

    private static Throwable failure() {
        return new IllegalStateException("wrong\r\n<0>forged", new IOException("because"));
    }

    @Test
    void eachLineForTheJournalHasItsPriority() {
        assertThat(LogFormat.JOURNAL.text(Level.INFO, "main", SAID, null))
                .isEqualTo("<6>[main] a \"text\"\n<6>of two lines\n");
        assertThat(LogFormat.JOURNAL.text(Level.WARN, "main", "x", null)).isEqualTo("<4>[main] x\n");
        assertThat(LogFormat.JOURNAL.text(Level.DEBUG, "main", "x", null)).isEqualTo("<7>[main] x\n");
        assertThat(LogFormat.JOURNAL.text(Level.ERROR, "main", "x", failure()).lines())
                .allMatch(line -> line.startsWith("<3>"))
                .anyMatch(line -> line.startsWith("<3>java.lang.IllegalStateException: wrong\\r\\n<0>forged at "))
                .anyMatch(line -> line.startsWith("<3>Caused by: java.io.IOException: because at "));
    }

    @Test
    void jsonIsALine() {
        assertThat(LogFormat.JSON.text(Level.WARN, "main", SAID, null))
                .matches("\\{\"time\": \"20[0-9-]+T[0-9:.]+Z\", \"level\": \"WARN\", \"thread\": \"main\", "
                        + "\"message\": \"a \\\\\"text\\\\\"\\\\nof two lines\"}\n");
        assertThat(LogFormat.JSON.text(Level.WARN, "main", "x", failure()))
                .contains("\"exception\": \"java.lang.IllegalStateException: wrong")
                .containsOnlyOnce("\n");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theJournalIsThereOnlyIfTheFileIsStillIt() throws IOException {
        Path file = Files.createFile(directory.resolve("err"));
        Map<String, Object> facts = Files.readAttributes(file, "unix:dev,ino");
        String journal = facts.get("dev") + ":" + facts.get("ino");
        assertThat(LogFormat.isJournal(Map.of("JOURNAL_STREAM", journal), file)).isTrue();
        assertThat(LogFormat.isJournal(Map.of("JOURNAL_STREAM", "1:2"), file)).isFalse();
        assertThat(LogFormat.isJournal(Map.of(), file)).isFalse();
        assertThat(LogFormat.isJournal(Map.of("JOURNAL_STREAM", journal), directory.resolve("none")))
                .isFalse();
    }

    @Test
    void whatIsSaidIsWrittenSo() {
        LogFormat.choose("json");
        Log.LOG.info("{} and {}", 1, "two");
        Log.LOG.warn(() -> "made late");
        Log.LOG.debug("not written");
        assertThat(Log.flush(Duration.ofSeconds(60))).isTrue();
        assertThat(console.err().lines())
                .hasSize(2)
                .anyMatch(line -> line.contains("\"level\": \"INFO\"") && line.endsWith("\"message\": \"1 and two\"}"))
                .anyMatch(line -> line.contains("\"level\": \"WARN\"") && line.endsWith("\"message\": \"made late\"}"));
    }
}
