package org.reactorserver.helper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.reactorserver.helper.Document.Block;

/**
 * Runs what a document says, block after block, in an empty directory with the packaged jar in {@code target}. The port
 * 8888 of the documents is any free one.
 */
public final class DocumentRun implements AutoCloseable {
    private static final String PORT_OF_DOCUMENTS = "8888";
    private static final String PROMPT = "$ ";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path directory;
    private final Path programs;
    private final Map<String, String> files = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();
    private Process server;
    private Path serverOutput;
    private int port;

    public DocumentRun(Path directory) throws IOException {
        this.directory = directory;
        this.programs = Files.createDirectories(directory.resolve("bin"));
        Path jar = Path.of(Programs.jar()).toAbsolutePath();
        for (String place : List.of("", "target")) {
            Files.createSymbolicLink(
                    Files.createDirectories(directory.resolve(place)).resolve("reactor-server.jar"), jar);
        }
        program("java", "exec " + Programs.jdk("java") + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \"$@\"");
        program("javac", "exec " + Programs.jdk("javac") + " -J-XX:TieredStopAtLevel=1 \"$@\"");
        program("rs", "exec java -jar target/reactor-server.jar \"$@\"");
        program("nc", "exec java -cp '" + Programs.testClasses() + "' " + Nc.class.getName() + " \"$@\"");
    }

    private void program(String name, String script) throws IOException {
        Path file = Files.writeString(programs.resolve(name), "#!/bin/bash\n" + script + "\n");
        file.toFile().setExecutable(true);
    }

    /** Runs it. Returns what is not as it says; each names its line. */
    public List<String> of(Document document) throws IOException, InterruptedException {
        for (Block block : document.blocks()) {
            String file = block.after("file: ");
            if (file != null) {
                files.put(file, block.text());
            } else if (block.is("run")) {
                run(document, block);
            } else if (block.is("run: server")) {
                serve(document, block);
            } else if (block.is("output: server")) {
                compareServer(document, block);
            }
        }
        return faults;
    }

    /** A command and what is expected of it. */
    private record Command(String text, List<String> expected) {}

    private static List<Command> commands(Block block) {
        List<Command> commands = new ArrayList<>();
        for (String line : block.lines()) {
            if (line.startsWith(PROMPT)) {
                commands.add(new Command(line.substring(PROMPT.length()), new ArrayList<>()));
            } else if (block.language().equals("sh") && !line.isBlank()) {
                commands.add(new Command(line, new ArrayList<>()));
            } else {
                commands.get(commands.size() - 1).expected.add(line);
            }
        }
        return commands;
    }

    private void run(Document document, Block block) throws IOException, InterruptedException {
        for (Command each : commands(block)) {
            Path output = Files.createTempFile(directory, "output", "");
            Process process = start(each.text, output);
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                faults.add("%s:%d: '%s' does not end".formatted(document, block.line(), each.text));
            }
            List<String> printed = Files.readAllLines(output);
            if (!Printed.is(each.expected, printed, block.isInAnyOrder())) {
                complain(document, block, each.text, each.expected, printed);
            }
        }
    }

    private void serve(Document document, Block block) throws IOException, InterruptedException {
        stopServer();
        port = Ports.freeTcp();
        Command first = commands(block).get(0);
        String command = first.text;
        List<String> expected = first.expected;
        serverOutput = Files.createTempFile(directory, "server", "");
        server = start("exec " + command, serverOutput);
        try {
            Await.until(command, PATIENCE, () -> expected.isEmpty() ? isListening() : hasPrinted(expected, true));
        } catch (AssertionError e) {
            complain(document, block, command, expected, Files.readAllLines(serverOutput));
        }
    }

    private void compareServer(Document document, Block block) throws IOException {
        List<String> expected = new ArrayList<>(block.lines());
        if (!block.isInAnyOrder()) {
            expected.add(0, "…");
            expected.add("…");
        }
        try {
            Await.until("the output", PATIENCE, () -> hasPrinted(expected, block.isInAnyOrder()));
        } catch (AssertionError e) {
            complain(document, block, "the server", block.lines(), Files.readAllLines(serverOutput));
        }
    }

    private boolean hasPrinted(List<String> expected, boolean inAnyOrder) throws IOException {
        return Printed.is(expected, Files.readAllLines(serverOutput), inAnyOrder);
    }

    private boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private Process start(String command, Path output) throws IOException {
        String ports = Integer.toString(port);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue().replace(PORT_OF_DOCUMENTS, ports));
        }
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", command.replace(PORT_OF_DOCUMENTS, ports))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("REACTOR_") || name.endsWith("JAVA_OPTIONS"));
        environment.put("PATH", programs + ":" + environment.get("PATH"));
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("PYTHONUNBUFFERED", "1");
        if (port > 0) {
            environment.put("REACTOR_PORT", ports);
        }
        return builder.start();
    }

    private void complain(Document document, Block block, String command, List<String> expected, List<String> printed) {
        faults.add("%s:%d: %s%n  the document has:%n%s%n  and it prints:%n%s"
                .formatted(document, block.line(), command, indented(expected), indented(printed)));
    }

    private static String indented(List<String> lines) {
        return lines.stream()
                .map(line -> "    " + line)
                .reduce((a, b) -> a + "\n" + b)
                .orElse("    nothing");
    }

    private void stopServer() {
        if (server != null) {
            server.destroyForcibly().onExit().join();
        }
    }

    @Override
    public void close() {
        stopServer();
    }
}
