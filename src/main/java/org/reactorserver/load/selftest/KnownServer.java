package org.reactorserver.load.selftest;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A server on a free port of this machine that sends each line back when it is told to, and as often, and notes what
 * it took in truth: it may be held up as well as the client. As simple as can be, a thread for each connection and
 * blocking sockets, so that what it does is known; it shares nothing with the load client.
 */
final class KnownServer implements Closeable {
    /** What a server is to do. Called on the thread of each connection. */
    interface Behaviour {
        /**
         * When a line is to be answered.
         *
         * @param now when it came, in nanoseconds
         * @param number of all lines, from 1
         */
        long answerAt(long now, long number);

        /** How often it is to be answered. */
        default int answers(long number) {
            return 1;
        }
    }

    /**
     * What a line took, in nanoseconds of {@link System#nanoTime}.
     *
     * @param came when the line had been read
     * @param took until its reply had been written
     */
    record Answered(long came, long took) {}

    private final ServerSocket listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Queue<Answered> answered = new ConcurrentLinkedQueue<>();
    private final AtomicLong lines = new AtomicLong();
    private final Behaviour behaviour;

    KnownServer(Behaviour behaviour) throws IOException {
        this.behaviour = behaviour;
        start("accept", this::accept);
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, "known-server-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            for (int i = 1; ; i++) {
                Socket socket = listener.accept();
                sockets.add(socket);
                start("connection-" + i, () -> serve(socket));
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int next;
            while ((next = in.read()) >= 0) {
                line.write(next);
                if (next == '\n') {
                    answer(line.toByteArray(), out);
                    line.reset();
                }
            }
        } catch (IOException e) {
            return; // the client has gone
        }
    }

    private void answer(byte[] line, OutputStream out) throws IOException {
        long number = lines.incrementAndGet();
        long came = System.nanoTime();
        long due = behaviour.answerAt(came, number);
        long wait;
        while ((wait = due - System.nanoTime()) > 0) {
            LockSupport.parkNanos(wait);
        }
        ByteArrayOutputStream replies = new ByteArrayOutputStream();
        for (int i = behaviour.answers(number); i > 0; i--) {
            replies.writeBytes(line);
        }
        out.write(replies.toByteArray());
        answered.add(new Answered(came, System.nanoTime() - came));
    }

    /** What the lines took that were answered so far and came at least so many nanoseconds after the first one. */
    List<Answered> answered(long afterFirst) {
        long first = answered.stream().mapToLong(Answered::came).min().orElse(0);
        return answered.stream()
                .filter(each -> each.came() - first >= afterFirst)
                .toList();
    }

    int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
