package org.reactorserver.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.reactorserver.ReactorServer;
import org.reactorserver.framing.Framing;

/** A process with one of the two servers of {@link ThreadsDemo}, so that what it takes can be read off from outside. */
final class Contestant {
    static final String THREADS = "threads";
    static final String REACTOR = "reactor";

    private static final int BACKLOG = 4096;
    private static final int BUFFER = 1024;

    private Contestant() {}

    /** Prints its port and serves until its standard input ends, so that it does not outlive the demo. */
    public static void main(String[] args) throws IOException {
        int port = args[0].equals(REACTOR) ? startReactor() : startThreads();
        System.out.println(port);
        while (System.in.read() >= 0) {}
        System.exit(0);
    }

    private static int startReactor() throws IOException {
        return ReactorServer.builder(Framing.chunks())
                .port(0)
                .backlog(BACKLOG)
                .workers(2)
                .handler((session, message) -> session.send(message))
                .start()
                .port();
    }

    private static int startThreads() throws IOException {
        ServerSocket listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        Thread acceptor = new Thread(() -> acceptFrom(listener), "acceptor");
        acceptor.setDaemon(true);
        acceptor.start();
        return listener.getLocalPort();
    }

    private static void acceptFrom(ServerSocket listener) {
        try {
            while (true) {
                Socket client = listener.accept();
                Thread thread = new Thread(() -> serve(client));
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException e) {
            System.err.println("accept failed: " + e);
        }
    }

    private static void serve(Socket client) {
        byte[] buffer = new byte[BUFFER];
        try (client) {
            int count;
            while ((count = client.getInputStream().read(buffer)) >= 0) {
                client.getOutputStream().write(buffer, 0, count);
            }
        } catch (IOException e) {
            return; // the client is gone
        }
    }
}
