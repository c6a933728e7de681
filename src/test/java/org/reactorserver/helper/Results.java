package org.reactorserver.helper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What was found, as a table in Markdown: target/force/results.md, a row for each test. */
public final class Results {
    private static final Path DIRECTORY = Path.of("target", "force");
    private static final Path ROWS = DIRECTORY.resolve("rows");

    /** Whether minutes are to become seconds: -Dforce.quick. */
    public static final boolean QUICK = System.getProperty("force.quick") != null;

    private Results() {}

    /**
     * Adds a row, or replaces the one of an earlier run.
     *
     * @param matrixCase its number in the matrix of docs/reliability.md, and a letter if there are more
     */
    public static void row(String matrixCase, String what, String figures, Object... values) {
        String row = "| %s | %s | %s |".formatted(matrixCase, what, figures.formatted(values));
        System.out.println(row);
        try {
            Files.createDirectories(ROWS);
            int number = Integer.parseInt(matrixCase.replaceAll("\\D", ""));
            String file = "%02d-%s.md".formatted(number, matrixCase);
            Files.writeString(ROWS.resolve(file), row + "\n");
            write();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write() throws IOException {
        StringBuilder table = new StringBuilder("""
                %s, JDK %s, %d processors%s

                | case | what is done | figures |
                |---|---|---|
                """.formatted(
                        "Linux " + System.getProperty("os.version").replaceAll("[^0-9.].*", ""),
                        System.getProperty("java.version"),
                        Runtime.getRuntime().availableProcessors(),
                        QUICK ? ", quick" : ""));
        try (Stream<Path> rows = Files.list(ROWS)) {
            List<Path> sorted = rows.sorted().toList();
            for (Path row : sorted) {
                table.append(Files.readString(row));
            }
        }
        Files.writeString(DIRECTORY.resolve("results.md"), table);
    }
}
