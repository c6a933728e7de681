package org.reactorserver.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What the command line asks for. */
final class Settings {

    enum GeneratorKind {
        load,
        lines
    }

    private static final double HEAT = 3;

    @Option(
            names = "--quick",
            description = "a smoke test within 3 minutes: as many short rounds as fit, on servers that stay" + " up")
    boolean quick;

    @Option(names = "--only", split = ",", paramLabel = "SCENARIO", description = "only these; see --list")
    List<String> only = new ArrayList<>();

    @Option(names = "--servers", split = ",", paramLabel = "SERVER", description = "only these (and ours); see --list")
    List<String> servers = new ArrayList<>();

    @Option(names = "--list", description = "list scenarios and servers, and stop")
    boolean list;

    @Option(names = "--sweep", description = "how cost grows with connections, message size and depth, instead")
    boolean sweep;

    @Option(names = "--cross-check", description = "both generators in turn against the same servers, instead")
    boolean crossCheck;

    @Option(
            names = "--before",
            paramLabel = "PATH",
            description = "an older build of our server: it and the one of --jar in turn, instead")
    Path before;

    @Option(names = "--rounds", paramLabel = "N", description = "alternations (default: 5; with --before: 15)")
    Integer rounds;

    @Option(names = "--seconds", paramLabel = "S", description = "measured part of a sample (default: 4; quick: 0.8)")
    Double seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "S",
            description = "traffic before it that is not measured (default: 2; quick: 0.5)")
    Double warmUp;

    @Option(
            names = "--idle-connections",
            paramLabel = "N",
            description = "for heap and CPU of idle connections (default: 15000; quick: 5000)")
    Integer idleConnections;

    @Option(
            names = "--generator",
            paramLabel = "NAME",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    GeneratorKind generator = GeneratorKind.load;

    @Option(
            names = "--jdk",
            paramLabel = "PATH",
            description = "Java home for the servers (default: the one that runs this)")
    Path jdk = Path.of(System.getProperty("java.home"));

    @Option(
            names = "--virtual-jdk",
            paramLabel = "PATH",
            description = "Java home, 21 or later, for virtual threads (default: that of --jdk)")
    Path virtualJdk;

    @Option(names = "--jar", paramLabel = "PATH", description = "our server (default: ${DEFAULT-VALUE})")
    Path jar = Path.of("target", "reactor-server.jar");

    @Option(
            names = "--sources",
            paramLabel = "PATH",
            description = "where the C and Python peers are (default: ${DEFAULT-VALUE})")
    Path sources = Path.of("src", "bench");

    @Option(
            names = "--tls-keys",
            paramLabel = "PATH",
            description = "where server.pem and server.key are (default: ${DEFAULT-VALUE})")
    Path tlsKeys = Path.of("src", "test", "resources", "tls");

    @Option(names = "--with-parent", description = "end when the process that started this one ends, as Maven must")
    boolean withParent;

    @Option(names = "--out", paramLabel = "PATH", description = "where results go (default: ${DEFAULT-VALUE})")
    Path out = Path.of("target", "bench");

    int rounds() {
        return rounds != null ? rounds : before != null ? 15 : 5;
    }

    double seconds() {
        return seconds != null ? seconds : quick ? 0.8 : 4;
    }

    double warmUp() {
        return warmUp != null ? warmUp : quick ? 0.5 : 2;
    }

    /** How long a server in Java that was just started is heated before its warm-up, in seconds. */
    double heat() {
        return quick ? 2.5 : HEAT;
    }

    int idleConnections() {
        return idleConnections != null ? idleConnections : quick ? 5_000 : 15_000;
    }

    Path java() {
        return java(jdk);
    }

    static Path java(Path home) {
        return home.resolve("bin").resolve("java");
    }

    Path virtualJdk() {
        return virtualJdk == null ? jdk : virtualJdk;
    }

    Path log(String name) {
        return out.resolve("logs").resolve(name);
    }

    /** Why it cannot be done as asked, or null. */
    String complaint() {
        if (!Files.isExecutable(java())) {
            return "--jdk: no bin/java in " + jdk;
        }
        if (before != null && !Files.isRegularFile(before)) {
            return "--before: no such file: " + before;
        }
        if (before != null && (sweep || crossCheck) || sweep && crossCheck) {
            return "--before, --sweep and --cross-check: one of them at a time";
        }
        if (rounds() < 1 || seconds() <= 0) {
            return "--rounds and --seconds: at least one round, more than 0 s";
        }
        return null;
    }
}
