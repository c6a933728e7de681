package org.reactorserver.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactorserver.wire.ListenException.Reason;

@Timeout(120)
class UnixListeningTest {
    private static final Listening USUAL = new Listening(16, true, true, 65_536);

    private Path directory;
    private Path path;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "unix");
        path = directory.resolve("server.sock");
    }

    @AfterEach
    void removeDirectory() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file); // fails if there is a directory that is not empty
            }
        }
        Files.delete(directory);
    }

    private Bound listen() throws IOException {
        return USUAL.bind(SelectorProvider.provider(), Endpoint.unix(path));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.toString().endsWith(".lock")).toList();
        }
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path));
    }

    private void assertRefused(Reason reason, String text) {
        assertThatExceptionOfType(ListenException.class)
                .isThrownBy(this::listen)
                .withMessageStartingWith("cannot listen on unix:" + path + ": " + text)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void clientsConnectAndAreKnown() throws IOException {
        Bound bound = listen();
        assertThat(bound).hasToString("unix:" + path);
        assertThat(bound.isInherited()).isFalse();
        assertThat(files()).containsExactly(path);
        try (SocketChannel client = connect();
                SocketChannel accepted = bound.channel().accept()) {
            assertThat(client.isConnected()).isTrue();
            assertThat(UnixPeer.of(accepted).user()).isEqualTo(System.getProperty("user.name"));
            assertThat(bound.channel().accept()).isNull();
        }
        bound.close();
        assertThat(files()).containsExactly(path);
        bound.removeFile();
        assertThat(files()).isEmpty();
        bound.removeFile();
    }

    @ParameterizedTest
    @CsvSource({"0600, rw-------", "0660, rw-rw----", "0777, rwxrwxrwx", "0204, -w----r--"})
    void thePermissionsAreThoseThatWereAskedFor(String mode, String permissions) throws IOException {
        Bound bound =
                USUAL.bind(SelectorProvider.provider(), Endpoint.unix(path).withMode(Integer.parseInt(mode, 8)));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo(permissions);
        bound.close();
        bound.removeFile();
    }

    /** Never, not even for a moment, is there a file at its place that has others: looked at by two eager lookers. */
    @Test
    void thePermissionsAreThereFromTheFirstInstant() throws Exception {
        AtomicInteger seen = new AtomicInteger();
        AtomicInteger wrong = new AtomicInteger();
        Thread looker = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    String found = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
                    seen.incrementAndGet();
                    if (!found.equals("rw-------")) {
                        wrong.incrementAndGet();
                    }
                } catch (IOException e) {
                    continue; // not there now
                }
            }
        });
        looker.start();
        for (int i = 0; i < 200 || seen.get() == 0; i++) {
            Bound bound =
                    USUAL.bind(SelectorProvider.provider(), Endpoint.unix(path).withMode(0600));
            bound.close();
            bound.removeFile();
        }
        looker.interrupt();
        looker.join();
        assertThat(wrong).hasValue(0);
    }

    @Test
    void whatAKilledServerHasLeftIsRemoved() throws IOException {
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();
        Bound bound = listen();
        connect().close();
        assertThat(files()).containsExactly(path);
        bound.close();
        bound.removeFile();
    }

    @Test
    void whereAnotherOneListensNothingIsTouched() throws IOException {
        Bound other = listen();
        assertRefused(Reason.IN_USE, "another program listens there");
        connect().close();
        assertThat(files()).containsExactly(path);
        other.close();
        other.removeFile();
    }

    @Test
    void aServerWithAFullBacklogListensToo() throws IOException {
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(path), 1);
            List<SocketChannel> clients = new ArrayList<>();
            boolean full = false;
            while (!full) {
                SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
                clients.add(client);
                client.configureBlocking(false);
                try {
                    client.connect(UnixDomainSocketAddress.of(path));
                } catch (IOException e) {
                    full = true;
                }
            }
            assertRefused(Reason.IN_USE, "another program listens there");
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    @Test
    void aFileThatIsNoSocketIsLeftAlone() throws IOException {
        Files.writeString(path, "precious");
        assertRefused(Reason.IN_USE, "there is something that is no socket, and it is left alone");
        assertThat(path).hasContent("precious");
    }

    @Test
    void aLinkToASocketIsNoSocket() throws IOException {
        Path target = directory.resolve("target");
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(target));
        }
        Files.createSymbolicLink(path, target);
        assertRefused(Reason.IN_USE, "there is something that is no socket, and it is left alone");
        assertThat(target).exists();
    }

    /** A server that has stopped listening and still drains must not remove what its successor has put there. */
    @Test
    void theSuccessorsFileIsNotRemoved() throws IOException {
        Bound old = listen();
        old.close();
        Bound successor = listen();
        old.removeFile();
        connect().close();
        successor.close();
        successor.removeFile();
        assertThat(files()).isEmpty();
    }

    /** Of many that find a stale file at the same time, one listens there, and it can be reached. */
    @Test
    void manyAtOnce() throws Exception {
        for (int round = 0; round < 200; round++) {
            try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                killed.bind(UnixDomainSocketAddress.of(path));
            }
            CyclicBarrier start = new CyclicBarrier(8);
            List<Bound> bound = new ArrayList<>();
            List<String> faults = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                threads.add(new Thread(() -> {
                    try {
                        start.await();
                        Bound one = listen();
                        synchronized (bound) {
                            bound.add(one);
                        }
                    } catch (ListenException e) {
                        if (e.reason() != Reason.IN_USE) {
                            faults.add(e.toString());
                        }
                    } catch (Exception e) {
                        faults.add(e.toString());
                    }
                }));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(faults).isEmpty();
            assertThat(bound).hasSize(1);
            connect().close();
            assertThat(bound.get(0).channel().accept()).isNotNull();
            bound.get(0).close();
            bound.get(0).removeFile();
        }
    }

    @Test
    void aPathThatIsTooLong() throws IOException {
        Path base = directory;
        path = base.resolve("x".repeat(106 - base.toString().length() - 1));
        Bound bound = listen();
        connect().close();
        bound.close();
        bound.removeFile();
        path = base.resolve("x".repeat(107 - base.toString().length() - 1));
        assertRefused(
                Reason.OTHER,
                "the path is too long: it has 107 bytes of at most 106, of which the directory may have 98");
    }

    @Test
    void aDirectoryWithTheLongestName() throws IOException {
        Path deep = directory.resolve("d".repeat(98 - directory.toString().length() - 1));
        Files.createDirectory(deep);
        path = deep.resolve("s");
        Bound bound = listen();
        bound.close();
        bound.removeFile();
        path = Path.of(deep + "d", "s");
        assertRefused(
                Reason.OTHER,
                "the path is too long: it has 101 bytes of at most 106, of which the directory may have 98");
    }

    @Test
    void aDirectoryThatIsNotThere() {
        path = directory.resolve("none").resolve("server.sock");
        assertRefused(Reason.OTHER, "there is no such directory");
    }

    @Test
    void aDirectoryThatIsAnothers() throws IOException {
        assumeTrue(!System.getProperty("user.name").equals("root"), "root may write everywhere");
        path = Path.of("/server.sock");
        assertRefused(Reason.NOT_ALLOWED, "the directory may not be written to");
    }

    @Test
    void whatFailsLeavesNothingOpen() {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors), "not Linux");
        path = directory.resolve("none").resolve("server.sock");
        int before = descriptors.toFile().list().length;
        for (int i = 0; i < 50; i++) {
            assertThatExceptionOfType(ListenException.class).isThrownBy(this::listen);
        }
        assertThat(descriptors.toFile().list().length - before).isLessThan(50);
    }

    @Test
    void theReceiveBufferIsSet() throws IOException {
        Bound bound = new Listening(16, true, false, 100_000).bind(SelectorProvider.provider(), Endpoint.unix(path));
        assertThat(bound.channel().getOption(StandardSocketOptions.SO_RCVBUF)).isGreaterThanOrEqualTo(100_000);
        bound.close();
        bound.removeFile();
    }

    @Test
    void aRelativePath() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        path = here.relativize(path);
        Bound bound = listen();
        connect().close();
        bound.close();
        bound.removeFile();
        path = directory.resolve("server.sock");
        assertThat(path).doesNotExist();
    }
}
