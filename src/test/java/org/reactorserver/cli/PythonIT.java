package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactorserver.helper.ChildProcess;
import org.reactorserver.helper.JarProcess;

/** The tutorial's own kind of programs, in Python, on the other side of the wire. */
class PythonIT {
    private static final String CLIENTS = """
            import socket, sys, threading

            def client(number):
                with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
                    s.settimeout(30)
                    s.connect(('127.0.0.1', int(sys.argv[1])))
                    s.sendall(f'客户端{number}连接成功'.encode('utf-8'))
                    reply = s.recv(1024).decode('utf-8')
                    print(f'{number} {reply}\\n', end='') # in one piece

            threads = [threading.Thread(target=client, args=(n,)) for n in range(1, 4)]
            for t in threads: t.start()
            for t in threads: t.join()
            """;

    private static final String SERVER = """
            import socket, threading

            def serve(client, address):
                while True:
                    data = client.recv(1024)
                    if not data:
                        break
                    print(address, data.decode('utf-8'))
                    client.sendall('收到客户端信息'.encode('utf-8'))
                client.close()

            listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(('127.0.0.1', 0))
            listener.listen(128)
            print(listener.getsockname()[1])
            while True:
                threading.Thread(target=serve, args=listener.accept(), daemon=True).start()
            """;

    @TempDir
    private Path directory;

    @BeforeAll
    static void python() throws InterruptedException {
        try {
            Process probe = new ProcessBuilder("python3", "-c", "import socket, threading").start();
            boolean works = probe.waitFor(30, TimeUnit.SECONDS) && probe.exitValue() == 0;
            probe.destroyForcibly();
            assumeTrue(works, "python3 does not work here");
        } catch (IOException e) {
            assumeTrue(false, "there is no python3 on the PATH");
        }
    }

    private ChildProcess python(String program, String... arguments) throws IOException {
        Path file = Files.writeString(directory.resolve("program.py"), program);
        return ChildProcess.start("python3", "-u", file.toString(), String.join(" ", arguments));
    }

    @Test
    void pythonClientsGetTheirReplyFromOurServer() throws IOException {
        try (JarProcess server = JarProcess.serve();
                ChildProcess clients = python(CLIENTS, Integer.toString(server.port()))) {
            assertThat(clients.exitCode()).as("%s", clients).isZero();
            assertThat(clients.out()).containsExactlyInAnyOrder("1 收到客户端信息", "2 收到客户端信息", "3 收到客户端信息");
            server.awaitOut(3, line -> line.endsWith("closed: end of stream"));
            assertThat(server.out()).anyMatch(line -> line.endsWith(" 客户端3连接成功"));
        }
    }

    @Test
    void ourClientsGetTheirReplyFromAPythonServer() throws IOException {
        try (ChildProcess server = python(SERVER);
                JarProcess clients =
                        JarProcess.start("client", "--port", server.awaitOut(line -> true), "--one-at-a-time")) {
            assertThat(clients.exitCode()).as("%s", clients).isZero();
            assertThat(clients.out())
                    .isEqualTo(List.of(
                            "client 1 received: 收到客户端信息",
                            "client 2 received: 收到客户端信息",
                            "client 3 received: 收到客户端信息",
                            "3 clients: 3 replied, 0 failed"));
        }
    }
}
