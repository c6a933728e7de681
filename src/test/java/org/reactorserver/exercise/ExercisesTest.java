package org.reactorserver.exercise;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each exercise is exposed for its own fault as it is printed, and is right with the solution. */
@Timeout(120)
class ExercisesTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, UTF_8);

    @TempDir
    Path directory;

    static IntStream numbers() {
        return IntStream.rangeClosed(1, Exercises.COUNT);
    }

    private Path printed(int number, Locale language) throws IOException {
        new Exercises(out, language).print(number);
        return Files.write(directory.resolve("Server.java"), bytes.toByteArray());
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("Server.java"), text);
    }

    private Path solution(int number) throws IOException {
        try (InputStream in = getClass().getResourceAsStream("Solution" + number + ".java")) {
            return file(new String(in.readAllBytes(), UTF_8));
        }
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void asItIsPrintedItsOwnFaultIsExposed(int number) throws Exception {
        Path server = printed(number, number % 2 == 0 ? Locale.ENGLISH : Locale.CHINESE);
        Fault fault = catchThrowableOfType(Fault.class, () -> Exercises.expose(number, server));
        assertThat(fault).as("the fault of exercise %d", number).isNotNull();
        assertThat(fault.key()).isEqualTo("fault." + number);
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void theSolutionIsRight(int number) throws Exception {
        boolean isRight = new Exercises(out, Locale.ENGLISH).check(number, solution(number));
        assertThat(isRight).as(() -> bytes.toString(UTF_8)).isTrue();
        assertThat(bytes.toString(UTF_8)).startsWith("Exercise " + number + ": right.");
    }

    @Test
    void whatIsFoundIsSaidInTheReadersLanguage() throws Exception {
        Path server = printed(4, Locale.CHINESE);
        bytes.reset();
        assertThat(new Exercises(out, Locale.CHINESE).check(4, server)).isFalse();
        assertThat(bytes.toString(UTF_8)).startsWith("练习 4：还不对。").contains("，应收 16,384 KiB。");
    }

    @Test
    void theListHasAllOfThem() {
        new Exercises(out, Locale.ENGLISH).list();
        assertThat(bytes.toString(UTF_8))
                .contains("   1  a client", "  10  another client's")
                .hasLineCount(12);
    }

    @Test
    void whatCannotBeCompiledIsShownWithItsLine() throws Exception {
        Path server = file("class Server {\n    int port\n}\n");
        assertThat(new Exercises(out, Locale.ENGLISH).check(1, server)).isFalse();
        assertThat(bytes.toString(UTF_8)).contains("Server.java:2: ';' expected");
    }

    @Test
    void withoutACompilerThatIsSaid() throws Exception {
        Path server = solution(1);
        assertThatThrownBy(() -> Program.compile(server, null))
                .isInstanceOf(Fault.class)
                .hasMessage("fault.compiler");
    }

    @Test
    void aServerThatDoesNotStartOrPrintsNoPortIsNoSolution() throws Exception {
        Path dying = file("class Server { public static void main(String[] a) { throw new Error(\"no\"); } }");
        assertThat(new Exercises(out, Locale.ENGLISH).check(1, dying)).isFalse();
        Path chatty = file("class Server { public static void main(String[] a) { System.out.println(\"hi\"); } }");
        assertThat(new Exercises(out, Locale.ENGLISH).check(1, chatty)).isFalse();
        assertThat(bytes.toString(UTF_8)).contains("java.lang.Error: no", "first: \"hi\"");
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        Path classes;
        try (Program program = Program.compile(solution(1))) {
            classes = program.classes();
            assertThat(classes.resolve("Server.class")).exists();
        }
        assertThat(classes).doesNotExist();
    }
}
