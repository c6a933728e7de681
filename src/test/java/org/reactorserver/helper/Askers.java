package org.reactorserver.helper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that open a connection for each request, of a line, and know what became of each. */
public final class Askers {
    private static final int CLIENTS = 8;

    private final long requests;
    private final AtomicLong answered = new AtomicLong();
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean goOn = true;

    /** They make so many requests together at least. */
    public Askers(long requests) {
        this.requests = requests;
    }

    public long answered() {
        return answered.get();
    }

    /** What became of each request that was not answered. */
    public List<String> lost() {
        return List.copyOf(lost);
    }

    /** They ask at this port from here on. */
    public void start(int port) {
        for (int i = 0; i < CLIENTS; i++) {
            Thread client = new Thread(() -> ask(port), "client " + i);
            client.start();
            clients.add(client);
        }
    }

    /** They end when there were requests enough; waits for that. */
    public void finish() throws InterruptedException {
        hurry();
        for (Thread client : clients) {
            client.join();
        }
    }

    /** The same, and waits for nothing. */
    public void hurry() {
        goOn = false;
    }

    private void ask(int port) {
        for (int i = 0; goOn || answered.get() + lost.size() < requests; i++) {
            String request = Thread.currentThread().getName() + " request " + i;
            try {
                String reply = ask(port, request);
                if (request.equals(reply)) {
                    answered.incrementAndGet();
                } else {
                    lost.add(request + " was answered by " + reply);
                }
            } catch (IOException e) {
                lost.add(request + ": " + e);
            }
        }
    }

    private static String ask(int port, String request) throws IOException {
        int patience = (int) ChildProcess.PATIENCE.toMillis();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), patience);
            socket.setSoTimeout(patience);
            socket.getOutputStream().write((request + "\n").getBytes(UTF_8));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
        }
    }
}
