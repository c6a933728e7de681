package org.reactorserver.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactorserver.helper.ChildProcess;
import org.reactorserver.helper.Programs;

/** A program of a user's in Kotlin, against the library's jar. */
class KotlinIT {
    private static final String PROGRAM = """
            import java.net.Socket
            import java.util.concurrent.CompletableFuture
            import org.reactorserver.CloseReason
            import org.reactorserver.MessageHandler
            import org.reactorserver.ReactorServer
            import org.reactorserver.Session
            import org.reactorserver.framing.Framing

            class Greeter : MessageHandler {
                override fun onOpen(session: Session) { session.send("welcome ${session.id()}") }
                override fun onMessage(session: Session, message: String) { session.send("hello, $message") }
                override fun onClose(session: Session, reason: CloseReason) { println("closed: $reason") }
            }

            fun ask(server: ReactorServer, lines: Int): List<String> = Socket("127.0.0.1", server.port()).use {
                it.getOutputStream().write("Ada\\n".toByteArray())
                val reader = it.getInputStream().bufferedReader()
                List(lines) { reader.readLine() }
            }

            fun main() {
                ReactorServer.builder(Framing.lines()).port(0).workers(1).handler(Greeter()).start().use {
                    println(ask(it, 2))
                }
                ReactorServer.builder(Framing.lines()).port(0)
                    .asyncHandler { _, text -> CompletableFuture.completedFuture(text.uppercase()) }
                    .start().use { println(ask(it, 1)) }
                ReactorServer.builder(Framing.lines()).port(0)
                    .handler { session, text -> session.send(text.reversed()) }
                    .start().use { println(ask(it, 1)) }
            }
            """;

    @TempDir
    Path folder;

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    @Test
    void aHandlerIsAClassOrALambda() throws Exception {
        String libraries = Programs.library() + File.pathSeparator + Programs.jarOf(org.slf4j.Logger.class);
        Path source = Files.writeString(folder.resolve("Program.kt"), PROGRAM);
        String classes = folder.resolve("classes").toString();
        Process compiler = new ProcessBuilder(
                        java(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler",
                        "-no-stdlib",
                        "-no-reflect",
                        "-Werror",
                        "-jvm-target",
                        "17",
                        "-cp",
                        libraries + File.pathSeparator + standardLibrary(),
                        "-d",
                        classes,
                        source.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(compiler.waitFor()).as(said).isZero();
        String all = String.join(File.pathSeparator, classes, libraries, standardLibrary());
        try (ChildProcess program = ChildProcess.start(java(), "-cp", all, "ProgramKt")) {
            assertThat(program.awaitOut(line -> line.startsWith("[welcome"))).isEqualTo("[welcome 1, hello, Ada]");
            assertThat(program.awaitOut(line -> line.startsWith("closed"))).startsWith("closed: ");
            assertThat(program.awaitOut(line -> line.startsWith("[A"))).isEqualTo("[ADA]");
            assertThat(program.awaitOut(line -> line.startsWith("[a"))).isEqualTo("[adA]");
            assertThat(program.exitCode()).as("%s", program).isZero();
        }
    }

    private static String standardLibrary() throws ReflectiveOperationException {
        return Programs.jarOf(Class.forName("kotlin.Unit"));
    }
}
