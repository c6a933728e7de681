package org.reactorserver.force;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real HAProxy with the configuration of docs/operations.md, but for its ports and its socket. */
final class HaProxy implements AutoCloseable {
    private static final Path DOCUMENT = Path.of("docs", "operations.md");
    private static final Pattern CONFIGURATION = Pattern.compile("```haproxy\n(.*?)```", Pattern.DOTALL);

    private final Path directory;
    private final Process process;
    final int port;

    private HaProxy(Path directory, Process process, int port) {
        this.directory = directory;
        this.process = process;
        this.port = port;
    }

    static boolean isInstalled() {
        return Shell.has("haproxy", "-v");
    }

    /** In front of two servers; it answers at its socket when this returns. */
    static HaProxy start(int one, int two) throws IOException {
        Path directory = Files.createTempDirectory("haproxy");
        int port = freePort();
        String text = configuration()
                .replace(":8888", "127.0.0.1:" + port)
                .replace("127.0.0.1:8001", "127.0.0.1:" + one)
                .replace("127.0.0.1:8002", "127.0.0.1:" + two)
                .replace("/run/haproxy", directory.toString());
        Path file = Files.writeString(directory.resolve("haproxy.cfg"), text);
        Path log = directory.resolve("haproxy.log");
        Process process = new ProcessBuilder("haproxy", "-db", "-f", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        HaProxy proxy = new HaProxy(directory, process, port);
        Await.until("HAProxy's socket", ServerProcess.PATIENCE, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("HAProxy has ended: " + Files.readString(log));
            }
            return Files.exists(proxy.socket());
        });
        return proxy;
    }

    /** The block that the reader of the document is to copy. */
    private static String configuration() throws IOException {
        Matcher matcher = CONFIGURATION.matcher(Files.readString(DOCUMENT));
        if (!matcher.find()) {
            throw new AssertionError(DOCUMENT + " has no HAProxy configuration");
        }
        return matcher.group(1);
    }

    /** One that no outgoing connection is given, so that it is still free a moment later. */
    static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 32_000);
            try (ServerSocket probe = new ServerSocket()) {
                probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (BindException e) {
                continue; // taken: try another one
            }
        }
    }

    private Path socket() {
        return directory.resolve("admin.sock");
    }

    /** Says a command at the runtime socket. Returns the answer. */
    String say(String command) throws IOException {
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
    int sessions(String server) throws IOException {
        return Integer.parseInt(statistics(server)[4]);
    }

    /** UP, DOWN, DRAIN and the like. */
    String status(String server) throws IOException {
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
