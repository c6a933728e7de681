package org.reactorserver.exercise;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        Verdict verdict = new Exercises(out, Locale.ENGLISH).check(number, solution(number));
        assertThat(verdict).as(() -> bytes.toString(UTF_8)).isEqualTo(Verdict.RIGHT);
        assertThat(bytes.toString(UTF_8)).startsWith("Exercise " + number + ": right.");
    }

    @Test
    void whatIsFoundIsSaidInTheReadersLanguage() throws Exception {
        Path server = printed(4, Locale.CHINESE);
        bytes.reset();
        assertThat(new Exercises(out, Locale.CHINESE).check(4, server)).isEqualTo(Verdict.WRONG);
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
    void whatCannotBeCompiledIsShownWithItsLineAndACaret() throws Exception {
        Path server = file("class Server {\n\tint port\n}\n");
        assertThat(new Exercises(out, Locale.ENGLISH).check(1, server)).isEqualTo(Verdict.NOT_RUN);
        assertThat(bytes.toString(UTF_8).lines())
                .containsExactly(
                        "Exercise 1: " + server + " was not run.",
                        "It cannot be compiled:",
                        "  " + server + ":2: ';' expected",
                        "  \tint port",
                        "  \t        ^");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                          | The file is empty: | 文件是空的：
            ' \n'                                       | The file is empty: | 文件是空的：
            'package a.b; class Server {}'              | There is a package line (a.b); remove it | 文件里有 package 语句（a.b）
            '// package a;\n'                           | There is no class named Server | 文件里没有名为 Server 的类
            'class Sever {}'                            | There is no class named Server | 文件里没有名为 Server 的类
            """)
    void whatCannotBeRunIsNotRunAndItsReasonIsNamed(String text, String english, String chinese) throws Exception {
        Path server = file(text.replace("\\n", "\n"));
        assertIsNotRun(server, english, chinese);
    }

    private void assertIsNotRun(Path server, String english, String chinese) throws Exception {
        assertThat(new Exercises(out, Locale.ENGLISH).check(3, server)).isEqualTo(Verdict.NOT_RUN);
        assertThat(bytes.toString(UTF_8)).startsWith("Exercise 3: " + server + " was not run.\n" + english);
        bytes.reset();
        assertThat(new Exercises(out, Locale.CHINESE).check(3, server)).isEqualTo(Verdict.NOT_RUN);
        assertThat(bytes.toString(UTF_8)).startsWith("练习 3：没有运行 " + server + "。\n" + chinese);
    }

    @Test
    void aFileThatIsMissingAndADirectoryAreNamedSo() throws Exception {
        assertIsNotRun(directory.resolve("missing.java"), "There is no such file.", "没有这个文件。");
        bytes.reset();
        assertIsNotRun(directory, "It is a directory;", "这是一个目录");
    }

    @Test
    void aFileThatMayNotBeReadIsNamedSo() throws Exception {
        Path server = file("class Server {}");
        assumeThat(server.toFile().setReadable(false)).isTrue();
        assumeThat(Files.isReadable(server)).as("this user may read everything").isFalse();
        assertIsNotRun(server, "The file may not be read", "无权读取");
    }

    @Test
    void withoutACompilerThatIsSaid() throws Exception {
        Path server = solution(1);
        assertThatThrownBy(() -> Program.compile(server, null))
                .isInstanceOf(Unfit.class)
                .hasMessage("unfit.compiler");
    }

    private String wrong(int number, String main) throws Exception {
        Path server = file("class Server { public static void main(String[] a) throws Exception {" + main + "} }");
        bytes.reset();
        assertThat(new Exercises(out, Locale.ENGLISH).check(number, server)).isEqualTo(Verdict.WRONG);
        return bytes.toString(UTF_8);
    }

    @Test
    void aServerThatDoesNotStartOrPrintsNoPortIsNoSolution() throws Exception {
        assertThat(wrong(1, "throw new Error(\"no\");"))
                .contains("The server exited with code 1 before it printed its port: Exc", "java.lang.Error: no");
        assertThat(wrong(1, "System.exit(3);")).contains("The server exited with code 3 before it printed its port.");
        assertThat(wrong(1, "System.out.println(\"hi\");")).contains("port first: \"hi\"");
    }

    @Test
    void aServerThatPrintsNothingIsNotWaitedForForever() throws Exception {
        Path server = file("class Server { public static void main(String[] a) { while (true) {} } }");
        try (Program program = Program.compile(server)) {
            assertThatThrownBy(() -> Trial.start(program, 1))
                    .isInstanceOf(Fault.class)
                    .hasMessage("fault.start.late");
        }
    }

    /** Begins like a server, and does this with the first message. */
    private Path once(String then) throws IOException {
        return file("""
                import java.net.*;

                class Server {
                    public static void main(String[] arguments) throws Exception {
                        ServerSocket listener = new ServerSocket(0);
                        System.out.println(listener.getLocalPort());
                        listener.accept().getInputStream().read();
                        %s
                    }
                }
                """.formatted(then));
    }

    /** An exit is no fault of the exercise's own, however much what a client sees of it looks like that. */
    @ParameterizedTest
    @MethodSource("numbers")
    void aServerThatExitsIsSaidToHaveExitedWithItsCode(int number) throws Exception {
        Fault fault = catchThrowableOfType(Fault.class, () -> Exercises.expose(number, once("System.exit(7);")));
        assertThat(fault).as("the fault of exercise %d", number).hasMessage("fault.died.silent");
        assertThat(fault.values()).containsExactly(7);
    }

    @Test
    void ofAnEndlessLoopItIsSaidWhatToLookAt() throws Exception {
        assertThat(new Exercises(out, Locale.ENGLISH).check(1, once("while (true) {}")))
                .isEqualTo(Verdict.WRONG);
        assertThat(bytes.toString(UTF_8)).contains("A client waited 5 s for a reply, and none came.", "loop", "jstack");
    }

    @Test
    void aServerMayPrintAsMuchAsItLikes() throws Exception {
        String printing = "for (int i = 0; i < 100; i++) { System.out.println(\"x\".repeat(10_000)); } System.exit(7);";
        assertThatThrownBy(() -> Exercises.expose(1, once(printing))).hasMessage("fault.died.silent");
    }

    @Test
    void severalFilesHaveALineEach() throws Exception {
        Path right = Files.copy(solution(3), directory.resolve("right.java"));
        Path bad = Files.writeString(directory.resolve("bad.java"), "class Server {\n    int port\n}\n");
        Path wrong = Files.copy(printed(3, Locale.ENGLISH), directory.resolve("wrong.java"));
        Path missing = directory.resolve("missing.java");
        bytes.reset();
        assertThat(new Exercises(out, Locale.ENGLISH).checkAll(3, List.of(right, bad, wrong, missing)))
                .isFalse();
        assertThat(bytes.toString(UTF_8).lines())
                .containsExactly(
                        "right  " + right,
                        "wrong  " + bad + ": It cannot be compiled: " + bad + ":2: ';' expected",
                        "wrong  " + wrong + ": The client's first message was answered; the second was not, for 5 s.",
                        "wrong  " + missing + ": There is no such file.");
        bytes.reset();
        assertThat(new Exercises(out, Locale.CHINESE).checkAll(3, List.of(right)))
                .isTrue();
        assertThat(bytes.toString(UTF_8).lines()).containsExactly("正确  " + right);
    }

    /** What stands on it is all that is said of one of several files. */
    @ParameterizedTest
    @ValueSource(strings = {"en", "zh"})
    void theFirstLineOfWhatIsSaidIsAWholeSentence(String language) {
        ResourceBundle words =
                ResourceBundle.getBundle(Exercises.class.getPackageName() + ".words", Locale.forLanguageTag(language));
        assertThat(words.keySet().stream()
                        .filter(key -> key.startsWith("fault.") || key.startsWith("unfit."))
                        .map(words::getString)
                        .map(text -> text.lines().findFirst().orElseThrow()))
                .allMatch(line -> line.matches(".*([.:。：？?]|%s|\"%s\"|“%s”)"));
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
