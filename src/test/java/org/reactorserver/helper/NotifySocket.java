package org.reactorserver.helper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/** A socket such as systemd listens at for what its services say; Java has none of that kind, Python has. */
public final class NotifySocket implements AutoCloseable {
    private static final String LISTENER = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind(sys.argv[1])
            print('bound')
            while True: print(s.recv(4096).decode().strip().replace('\\n', ' '))
            """;

    private final Path directory;
    private final ChildProcess listener;

    private NotifySocket(Path directory, ChildProcess listener) {
        this.directory = directory;
        this.listener = listener;
    }

    /** Whether there is what it takes, and what the server takes to speak to it. */
    public static boolean isPossible() {
        return Shell.has("python3", "--version") && Shell.has("systemd-notify", "--version");
    }

    public static NotifySocket open() throws IOException {
        Path directory = Files.createTempDirectory(Path.of("/tmp"), "notify");
        NotifySocket opened = new NotifySocket(
                directory,
                ChildProcess.start(
                        "python3", "-uc", LISTENER, directory.resolve("s").toString()));
        opened.listener.awaitOut("bound"::equals);
        return opened;
    }

    /** What NOTIFY_SOCKET is to be. */
    public String address() {
        return directory.resolve("s").toString();
    }

    /** The so-manieth message like this, when it is there; its assignments stand in a line. */
    public String await(int which, Predicate<String> like) {
        return listener.awaitOut(which, like).get(which - 1);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        Files.deleteIfExists(directory.resolve("s"));
        Files.delete(directory);
    }
}
