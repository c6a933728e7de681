package org.reactorserver.bench.peers;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/**
 * Blocking I/O with a thread for every client: {@code platform} is the tutorial's shape in Java,
 * {@code virtual} the same program on virtual threads (Java 21 or later, looked up at run time
 * because the build's baseline is 17).
 */
public final class ThreadPerClientPeer {

    private ThreadPerClientPeer() {}

    public static void main(String[] args) throws Exception {
        Peer peer = Peer.parse(args);
        ThreadFactory threads = switch (peer.variant) {
            case "platform" -> Thread::new;
            case "virtual" -> virtualThreads();
            default -> throw peer.unknownVariant("platform, virtual");
        };
        Executor startThread = task -> threads.newThread(task).start();
        try (ServerSocket server = new ServerSocket()) {
            server.setReuseAddress(true);
            server.bind(peer.address, Peer.BACKLOG);
            peer.listening();
            while (true) {
                Socket client = server.accept();
                startThread.execute(() -> serve(client, peer.maxFrame));
            }
        }
    }

    private static void serve(Socket client, int maxFrame) {
        try (client) {
            client.setTcpNoDelay(true);
            LineStream lines = new LineStream(client.getInputStream(), client.getOutputStream(), maxFrame);
            for (String line = lines.read(); line != null; line = lines.read()) {
                lines.write(line);
            }
        } catch (IOException e) {
            // The client has gone, or sent too long a line: either way this thread's work is over.
        }
    }

    private static ThreadFactory virtualThreads() {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            return (ThreadFactory) Class.forName("java.lang.Thread$Builder")
                    .getMethod("factory")
                    .invoke(builder);
        } catch (ReflectiveOperationException e) {
            System.err.println("virtual threads need Java 21 or later; this is " + Runtime.version());
            System.exit(3);
            throw new AssertionError(e);
        }
    }
}
