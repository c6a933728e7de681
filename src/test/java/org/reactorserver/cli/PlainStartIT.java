package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A start does without the parser. */
@Timeout(120)
class PlainStartIT {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "'--port 0', false",
        "'serve --port=0 --framing line --echo --workers 2 --max-connections 1000 --keep-alive', false",
        "'serve --config FILE --transcript all', false",
        "'serve -p0', true" // so it would be seen
    })
    void theParserIsLoadedOnlyForWhatIsUnusual(String arguments, boolean isUnusual) throws Exception {
        Path file = Files.writeString(directory.resolve("server.conf"), "port=0\nframing=line\nidle-timeout = 10m\n");
        Path loaded = directory.resolve("loaded");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + loaded + "::filecount=0",
                "-jar",
                System.getProperty("reactor.jar")));
        command.addAll(List.of(arguments.replace("FILE", file.toString()).split(" ")));
        Process server = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(server.inputReader().readLine()).startsWith("reactor-server listening on ");
            assertThat(untilReady(loaded).contains(" picocli.")).isEqualTo(isUnusual);
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    /** Behind the ready line all else is loaded, so that the jar can be replaced. */
    private static String untilReady(Path loaded) throws IOException {
        String all = Files.readString(loaded);
        int end = all.indexOf(" " + Preload.class.getName() + " ");
        String before = end < 0 ? all : all.substring(0, end);
        assertThat(before).contains(" " + ServeCommand.class.getName() + " ");
        return before;
    }
}
