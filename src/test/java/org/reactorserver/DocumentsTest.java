package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.reactorserver.helper.Document;
import org.reactorserver.helper.Document.Block;

/** Every command in the documents is marked as run, and by what, or as not run, and why. */
class DocumentsTest {
    private static final Path PROJECT = Path.of("");
    private static final Pattern RUNNERS = Pattern.compile("run by (.+)");
    private static final Set<String> KINDS =
            Set.of("run", "run in any order", "run: server", "output: server", "output: server in any order");

    @Test
    void everyBlockIsMarked() throws IOException {
        Set<String> runners = runners();
        List<String> faults = Document.all(PROJECT).stream()
                .flatMap(document -> document.blocks().stream()
                        .filter(block -> !block.isMarked() || !isKnown(block, runners))
                        .map(block -> "%s:%d: ```%s %s"
                                .formatted(document, block.line(), block.language(), explained(block))))
                .toList();
        assertThat(faults)
                .as("blocks to be marked by a comment in the line before them, see %s", Document.class.getName())
                .isEmpty();
    }

    private static String explained(Block block) {
        return block.mark().isEmpty()
                ? "has no mark, such as <!-- run --> or <!-- shown: the reason -->"
                : "has a mark that means nothing: " + block.mark();
    }

    private static boolean isKnown(Block block, Set<String> runners) {
        Matcher runner = RUNNERS.matcher(block.mark());
        if (runner.matches()) {
            return runners.contains(runner.group(1));
        }
        return block.mark().isEmpty()
                || KINDS.contains(block.mark())
                || block.mark().matches("file: [\\w.-]+|shown: .{5,}");
    }

    /** The test classes, the profiles, and the build itself. */
    private static Set<String> runners() throws IOException {
        Set<String> runners = new TreeSet<>(Set.of("the build"));
        try (Stream<Path> tests = Files.walk(PROJECT.resolve("src/test/java"))) {
            runners.addAll(tests.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet()));
        }
        Matcher profile = Pattern.compile("<profile>\\s*<id>(\\w+)</id>").matcher(Files.readString(Path.of("pom.xml")));
        while (profile.find()) {
            runners.add("-P" + profile.group(1));
        }
        return runners;
    }

    /** A link to a place that is not there is as wrong as a command that fails. */
    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        TreeSet<String> faults = new TreeSet<>();
        for (Document document : Document.all(PROJECT)) {
            Matcher link = Pattern.compile("\\]\\((?!https?:)([^)#\\s]*)(#[^)\\s]+)?\\)")
                    .matcher(Files.readString(document.path()));
            while (link.find()) {
                Path directory = document.path().toAbsolutePath().getParent();
                Path target = link.group(1).isEmpty() ? document.path() : directory.resolve(link.group(1));
                if (!Files.exists(target)) {
                    faults.add(document + ": there is no " + link.group(1));
                } else if (link.group(2) != null
                        && !anchors(target).contains(link.group(2).substring(1))) {
                    faults.add(document + ": there is no place " + link.group(1) + link.group(2));
                }
            }
        }
        assertThat(faults).isEmpty();
    }

    /** As GitHub makes them of headings. */
    private static Set<String> anchors(Path document) throws IOException {
        return Files.readAllLines(document).stream()
                .filter(line -> line.matches("#+ .*"))
                .map(line -> line.replaceFirst("#+ ", "")
                        .toLowerCase(java.util.Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}\\p{M} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }
}
