package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactorserver.helper.Document;
import org.reactorserver.helper.DocumentRun;

/** What the documents say that a command prints is what it prints. */
@Timeout(300)
class DocumentsIT {
    static Stream<Document> documents() {
        return Document.all(Path.of("")).stream().filter(Document::isRun);
    }

    private static boolean has(String program) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void isTrue(Document document, @TempDir Path directory) throws Exception {
        assumeTrue(has("bash") && has("od"), "bash, od");
        assumeTrue(!document.mentions("python3 ") || has("python3"), "Python");
        try (DocumentRun run = new DocumentRun(directory)) {
            List<String> faults = run.of(document);
            assertThat(faults)
                    .withFailMessage(() -> String.join("\n\n", faults))
                    .isEmpty();
        }
    }
}
