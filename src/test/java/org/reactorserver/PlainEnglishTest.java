package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Words that code and documents do without: archaic ones, and those that make persons of clients and sessions. */
class PlainEnglishTest {
    private static final Pattern BANNED = Pattern.compile(
            "\\b(?:lest|heed(?:s|ed|ing)?|who(?:so)?ever|whomever|he|him|his|himself|herself|whence|thence|thereof|hereby"
                    + "|whilst|nought|aught|forthwith)\\b",
            Pattern.CASE_INSENSITIVE);
    private static final List<Path> PLACES = List.of(Path.of("src"), Path.of("docs"), Path.of("README.md"));
    private static final Pattern TEXTS = Pattern.compile(".*\\.(?:java|md|properties|js|css|html|svg)");
    private static final Path RECORDINGS = Path.of("docs", "recordings"); // made by a program

    @Test
    void noWordIsBanned() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path place : PLACES) {
            for (Path file : texts(place)) {
                List<String> lines = Files.readAllLines(file);
                for (int i = 0; i < lines.size(); i++) {
                    if (BANNED.matcher(lines.get(i)).find()) {
                        found.add(file + ":" + (i + 1) + ": " + lines.get(i).strip());
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }

    private static List<Path> texts(Path place) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(file -> TEXTS.matcher(file.toString()).matches() && !file.startsWith(RECORDINGS))
                    .filter(file -> !file.endsWith(PlainEnglishTest.class.getSimpleName() + ".java"))
                    .toList();
        }
    }
}
