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

/**
 * Two servers behind a real HAProxy, and clients that open a connection for each request while the
 * servers are restarted in turn, step by step as docs/operations.md says.
 */
public final class RollingRestart {
    private static final int CLIENTS = 8;
    private static final String[] NAMES = {"one", "two"};

    private final boolean drainsAtBalancer;
    private final int restarts;
    private final long requests;

    private final AtomicLong answered = new AtomicLong();
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();
    private volatile boolean restarting = true;

    /** Before SIGTERM, the server is drained at the balancer or it is not. */
    public RollingRestart(boolean drainsAtBalancer, int restarts, long requests) {
        this.drainsAtBalancer = drainsAtBalancer;
        this.restarts = restarts;
        this.requests = requests;
    }

    public long answered() {
        return answered.get();
    }

    /** What became of each request that was not answered. */
    public List<String> lost() {
        return List.copyOf(lost);
    }

    /** Returns when all restarts are done and at least so many requests have been made. */
    public void run() throws IOException, InterruptedException {
        int[] ports = {Ports.freeTcp(), Ports.freeTcp()};
        JarProcess[] servers = {serve(ports[0]), serve(ports[1])};
        try (HaProxy proxy = HaProxy.start(ports[0], ports[1])) {
            awaitUp(proxy, "one");
            awaitUp(proxy, "two");
            List<Thread> clients = startClients(proxy.port());
            for (int i = 0; i < restarts; i++) {
                int which = i % 2;
                leaveBalancer(proxy, NAMES[which]);
                int code = servers[which].terminate().exitCode();
                if (code != 143) {
                    throw new AssertionError("exit code " + code + ": " + servers[which]);
                }
                servers[which] = serve(ports[which]);
                comeBack(proxy, NAMES[which]);
            }
            restarting = false;
            for (Thread client : clients) {
                client.join();
            }
        } finally {
            restarting = false;
            servers[0].close();
            servers[1].close();
        }
    }

    private static JarProcess serve(int port) {
        return JarProcess.measured()
                .serve("--port", Integer.toString(port), "--framing", "line", "--echo", "--transcript", "off");
    }

    private void leaveBalancer(HaProxy proxy, String name) throws IOException {
        if (drainsAtBalancer) {
            proxy.say("set server reactors/" + name + " state drain");
            Await.until(name + " has no sessions", ChildProcess.PATIENCE, () -> proxy.sessions(name) == 0);
        }
    }

    private void comeBack(HaProxy proxy, String name) throws IOException {
        if (drainsAtBalancer) {
            proxy.say("set server reactors/" + name + " state ready");
        }
        awaitUp(proxy, name);
    }

    private static void awaitUp(HaProxy proxy, String name) {
        Await.until(
                name + " is up", ChildProcess.PATIENCE, () -> proxy.status(name).equals("UP"));
    }

    private List<Thread> startClients(int port) {
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Thread client = new Thread(() -> ask(port), "client " + i);
            client.start();
            clients.add(client);
        }
        return clients;
    }

    private void ask(int port) {
        for (int i = 0; restarting || answered.get() + lost.size() < requests; i++) {
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
