package org.reactorserver.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactorserver.helper.ChildProcess;
import org.reactorserver.helper.Programs;

/** A program of a user's that is a module, and a Java runtime with nothing but what it needs. */
class RuntimeImageIT {
    private static final String MODULE = "module example.echo { requires org.reactorserver.admin; }";
    private static final String PROGRAM = """
            package example.echo;

            import java.io.BufferedReader;
            import java.io.InputStreamReader;
            import java.net.Socket;
            import org.reactorserver.ReactorServer;
            import org.reactorserver.admin.Admin;
            import org.reactorserver.flight.FlightRecordings;
            import org.reactorserver.framing.Framing;
            import org.reactorserver.limit.Cidr;
            import org.reactorserver.option.Options;
            import org.reactorserver.wire.Endpoint;

            public class Echo {
                public static void main(String[] arguments) throws Exception {
                    try (ReactorServer server = ReactorServer.builder(Framing.lines())
                                    .listen(Endpoint.tcp("127.0.0.1", 0))
                                    .allow(Cidr.parse("127.0.0.0/8"))
                                    .set(Options.WORKERS, org.reactorserver.option.WorkerCount.of(1))
                                    .handler((session, message) -> session.send("echo: " + message))
                                    .with(Admin.at(Endpoint.tcp("127.0.0.1", 0)))
                                    .start();
                            Socket socket = new Socket("127.0.0.1", server.port())) {
                        FlightRecordings.await(server::observe); // does nothing: the image has no jdk.jfr
                        socket.getOutputStream().write("hello\\n".getBytes());
                        System.out.println(
                                new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine());
                    }
                }
            }
            """;

    @TempDir
    Path folder;

    private static void run(String tool, String... arguments) {
        PrintWriter out = new PrintWriter(System.out);
        int exit = ToolProvider.findFirst(tool).orElseThrow().run(out, out, arguments);
        assertThat(exit).as(tool + " " + String.join(" ", arguments)).isZero();
    }

    @Test
    void jlinkMakesOneAndTheProgramRunsInIt() throws IOException {
        assumeTrue(ToolProvider.findFirst("jlink").isPresent(), "this JDK has no jlink");
        assumeTrue(Files.isDirectory(Path.of(System.getProperty("java.home"), "jmods")), "nor jmods to link");
        String libraries = String.join(
                File.pathSeparator,
                Programs.library(),
                Programs.publishedBeside("admin"),
                Programs.jarOf(org.slf4j.Logger.class));
        Path source = Files.createDirectories(folder.resolve("source/example/echo"));
        Files.writeString(folder.resolve("source/module-info.java"), MODULE);
        Files.writeString(source.resolve("Echo.java"), PROGRAM);
        String classes = folder.resolve("classes").toString();
        run(
                "javac",
                "-Xlint:all",
                "-Werror",
                "-d",
                classes,
                "--module-path",
                libraries,
                folder.resolve("source/module-info.java").toString(),
                source.resolve("Echo.java").toString());
        Path image = folder.resolve("image");
        run(
                "jlink",
                "--module-path",
                classes + File.pathSeparator + libraries,
                "--add-modules",
                "example.echo",
                "--output",
                image.toString());
        try (ChildProcess program =
                ChildProcess.start(image.resolve("bin/java").toString(), "-m", "example.echo/example.echo.Echo")) {
            assertThat(program.awaitOut(line -> line.startsWith("echo"))).isEqualTo("echo: hello");
            assertThat(program.exitCode()).as("%s", program).isZero();
        }
    }
}
