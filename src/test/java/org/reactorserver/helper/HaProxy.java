package org.reactorserver.helper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** A real HAProxy with the configuration of docs/operations.md, but for its ports and its socket. */
public final class HaProxy implements AutoCloseable {
    private static final Path DOCUMENT = Path.of("docs", "operations.md");
    private static final Pattern CONFIGURATION = Pattern.compile("```haproxy\n(.*?)```", Pattern.DOTALL);

    private final Path directory;
    private final Process process;
    private final int port;

    private HaProxy(Path directory, Process process, int port) {
        this.directory = directory;
        this.process = process;
        this.port = port;
    }

    public static boolean isInstalled() {
        return Shell.has("haproxy", "-v");
    }

    /** In front of two servers, for {@link RollingRestart}; it answers at its socket when this returns. */
    public static HaProxy start(int one, int two) throws IOException {
        return start(
                0,
                text -> text.replace("127.0.0.1:8001", "127.0.0.1:" + one)
                        .replace("127.0.0.1:8002", "127.0.0.1:" + two),
                Map.of());
    }

    /**
     * The same, in front of one server, with TLS on both sides.
     *
     * @param changes what is to be another configuration than the document's
     * @param files what else is to be in its directory, by name
     */
    public static HaProxy startWithTls(int server, UnaryOperator<String> changes, Map<String, String> files)
            throws IOException {
        return start(1, text -> changes.apply(text.replace("127.0.0.1:8001", "127.0.0.1:" + server)), files);
    }

    private static HaProxy start(int block, UnaryOperator<String> changes, Map<String, String> files)
            throws IOException {
        Path directory = Files.createTempDirectory("haproxy");
        int port = Ports.freeTcp();
        for (Map.Entry<String, String> each : files.entrySet()) {
            Files.writeString(directory.resolve(each.getKey()), each.getValue());
        }
        String text = changes.apply(configurations().get(block))
                .replace(" :8888", " 127.0.0.1:" + port)
                .replace("/run/haproxy", directory.toString());
        Path file = Files.writeString(directory.resolve("haproxy.cfg"), text);
        Path log = directory.resolve("haproxy.log");
        Process process = new ProcessBuilder("haproxy", "-db", "-f", file.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        HaProxy proxy = new HaProxy(directory, process, port);
        Await.until("HAProxy's socket", ChildProcess.PATIENCE, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("HAProxy has ended: " + Files.readString(log));
            }
            return Files.exists(proxy.socket());
        });
        return proxy;
    }

    /** The blocks that the reader of the document is to copy, in their order. */
    private static List<String> configurations() throws IOException {
        return CONFIGURATION
                .matcher(Files.readString(DOCUMENT))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /** Where it takes connections. */
    public int port() {
        return port;
    }

    private Path socket() {
        return directory.resolve("admin.sock");
    }

    /** Says a command at the runtime socket. Returns the answer. */
    public String say(String command) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket()));
            channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8)));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
            while (channel.read(buffer) >= 0) {
                answer.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
            return answer.toString(StandardCharsets.UTF_8);
        }
    }

    /** The sessions it has at a server now. */
    public int sessions(String server) throws IOException {
        return Integer.parseInt(statistics(server)[4]);
    }

    /** UP, DOWN, DRAIN and the like. */
    public String status(String server) throws IOException {
        return statistics(server)[17];
    }

    private String[] statistics(String server) throws IOException {
        return say("show stat")
                .lines()
                .filter(line -> line.startsWith("reactors," + server + ","))
                .findFirst()
                .orElseThrow()
                .split(",", -1);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
