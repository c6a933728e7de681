package org.reactorserver.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.reactorserver.bench.process.CProgram;
import org.reactorserver.bench.process.Child;
import picocli.CommandLine.Option;

/**
 * A server that gives so many replies a second and no more, {@code capped.c}, and the commands that are run against it:
 * what {@link Agreement} and {@link FindMax} have in common.
 */
final class CappedServer {
    private static final Pattern LISTENING = Pattern.compile("listening on .*:(\\d+)");
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @Option(names = "--rate", description = "replies a second that the server gives (default: ${DEFAULT-VALUE})")
    int rate = 2_000;

    @Option(names = "--connections", description = "default: ${DEFAULT-VALUE}")
    int connections = 20;

    @Option(names = "--rounds", description = "default: ${DEFAULT-VALUE}")
    int rounds = 5;

    @Option(names = "--jar", description = "our load client (default: ${DEFAULT-VALUE})")
    private Path jar = Path.of("target", "reactor-server.jar");

    @Option(names = "--sources", description = "where the program in C is (default: ${DEFAULT-VALUE})")
    private Path sources = Path.of("src", "bench");

    private Path out;

    /** What is to be run with the server's port. */
    interface Body {
        void run(String port) throws IOException, InterruptedException;
    }

    /** Runs it while the server is up. */
    void during(Body body) throws IOException, InterruptedException {
        out = Files.createTempDirectory("capped");
        String program = CProgram.compiled(sources, "capped", out);
        if (program == null) {
            throw new IOException("capped.c: " + CProgram.NO_COMPILER);
        }
        List<String> command = List.of(program, "0", Integer.toString(rate));
        try (Child server = Child.start(command, Map.of(), out.resolve("server"))) {
            body.run(server.await(LISTENING, LIMIT).group(1));
        }
    }

    /** What our load client prints, with these options. */
    String load(String options) throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return output(java + " -jar " + jar + " load " + options);
    }

    /** What a command prints; its words are told apart by blanks. */
    String output(String command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        try (Child child = Child.start(words, Map.of(), out.resolve("client"))) {
            child.waitFor(LIMIT);
            return child.output();
        }
    }
}
