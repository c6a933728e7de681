package org.reactorserver.helper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A document in Markdown, as its blocks between fences. The line before a fence says by a comment what the block is:
 *
 * <ul>
 *   <li>{@code <!-- run -->}: its commands are run, and what they print is compared with what stands below them; also
 *       {@code run in any order} for lines
 *   <li>{@code <!-- run: server -->}: the same with a command that goes on until the next one of these
 *   <li>{@code <!-- output: server -->}: what that has printed meanwhile; also {@code in any order}
 *   <li>{@code <!-- file: NAME -->}: a file that commands need
 *   <li>{@code <!-- run by NAME -->}: a test runs it, or a profile ({@code -Pbench}), or "the build"
 *   <li>{@code <!-- shown: REASON -->}: nothing runs it
 * </ul>
 */
public record Document(Path path, List<Block> blocks) {
    /** Blocks in these languages are commands, programs, or what they print. */
    private static final Set<String> LANGUAGES = Set.of("sh", "console", "text", "python");

    private static final Pattern FENCE = Pattern.compile("\\s*```(\\w*)\\s*");
    private static final Pattern MARK = Pattern.compile("\\s*<!-- (.+) -->\\s*");

    /**
     * A block.
     *
     * @param mark empty if there is none
     */
    public record Block(int line, String language, String mark, List<String> lines) {
        public boolean isMarked() {
            return !mark.isEmpty() || !LANGUAGES.contains(language);
        }

        public boolean is(String kind) {
            return mark.equals(kind) || mark.equals(kind + " in any order");
        }

        public boolean isInAnyOrder() {
            return mark.endsWith(" in any order");
        }

        /** What stands behind the word in its mark, null if its mark is another one. */
        public String after(String word) {
            return mark.startsWith(word) ? mark.substring(word.length()) : null;
        }

        public String text() {
            return String.join("\n", lines) + "\n";
        }
    }

    /** README.md and all below docs. */
    public static List<Document> all(Path project) {
        try (Stream<Path> docs = Files.walk(project.resolve("docs"))) {
            return Stream.concat(Stream.of(project.resolve("README.md")), docs.sorted())
                    .filter(path -> path.toString().endsWith(".md"))
                    .map(Document::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Document read(Path path) {
        try {
            return new Document(path, blocks(Files.readAllLines(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Block> blocks(List<String> lines) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            if (!fence.matches()) {
                continue;
            }
            int begin = i + 1;
            int end = begin;
            while (end < lines.size() && !lines.get(end).strip().equals("```")) {
                end++;
            }
            Matcher mark = MARK.matcher(i == 0 ? "" : lines.get(i - 1));
            blocks.add(new Block(
                    begin,
                    fence.group(1),
                    mark.matches() ? mark.group(1) : "",
                    List.copyOf(lines.subList(begin, end))));
            i = end;
        }
        return blocks;
    }

    public boolean isRun() {
        return blocks.stream().anyMatch(block -> block.mark().startsWith("run") && block.after("run by ") == null);
    }

    public boolean mentions(String word) {
        return blocks.stream().anyMatch(block -> block.text().contains(word));
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
