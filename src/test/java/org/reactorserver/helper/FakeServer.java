package org.reactorserver.helper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A server as the tutorial has it: a thread for each client, blocking sockets, no delimiters. What it
 * does with a client is the test's to say. Closing it closes everything.
 */
public final class FakeServer implements AutoCloseable {

    /** What is done with a client, on a thread of its own; the socket is closed behind it. */
    @FunctionalInterface
    public interface Behaviour {
        void serve(Socket client) throws Exception;
    }

    /** The tutorial's: every recv(1024) is answered with the same text, until the client leaves. */
    public static Behaviour answering(String reply) {
        return client -> {
            while (!receive(client).isEmpty()) {
                send(client, reply);
            }
        };
    }

    private final ServerSocket listener;
    private final Behaviour behaviour;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

    public FakeServer(Behaviour behaviour) throws IOException {
        this.behaviour = behaviour;
        this.listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        start(this::accept, "fake-accept");
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    public int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                clients.add(client);
                start(() -> serve(client), "fake-client");
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            behaviour.serve(client);
        } catch (Exception e) {
            return; // the client, or the test, has gone
        }
    }

    private static void start(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** What one recv(1024) returns, as text; empty at the end of the stream. */
    public static String receive(Socket client) throws IOException {
        byte[] buffer = new byte[1024];
        int count = client.getInputStream().read(buffer);
        return new String(buffer, 0, Math.max(count, 0), UTF_8);
    }

    public static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(UTF_8));
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket client : clients) {
            client.close();
        }
    }
}
