package org.reactorserver.load;

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
import java.util.concurrent.CopyOnWriteArrayList;

/** A server on a free port, with a thread for each connection, that does what a test wants. */
public final class TestServer implements Closeable {

    /** What is done with a connection; it is closed afterwards. */
    public interface Behaviour {
        void serve(InputStream in, OutputStream out, int connection) throws Exception;
    }

    /** What is done with a line, which ends with its line feed. */
    public interface LineBehaviour {
        void answer(byte[] line, int number, OutputStream out) throws Exception;
    }

    /** Ends the connection. */
    public static final class Hangup extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private final ServerSocket listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    private TestServer(Behaviour behaviour) throws IOException {
        listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        start(() -> {
            for (int connection = 1; ; connection++) {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                int number = connection;
                start(() -> {
                    try (socket) {
                        behaviour.serve(
                                new BufferedInputStream(socket.getInputStream()), socket.getOutputStream(), number);
                    }
                });
            }
        });
    }

    private interface Task {
        void run() throws Exception;
    }

    private static void start(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (Exception e) {
                // the test is over, or the client has gone
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    public static TestServer of(Behaviour behaviour) throws IOException {
        return new TestServer(behaviour);
    }

    /** Sends back whatever comes, as it comes. */
    public static TestServer echo() throws IOException {
        return of((in, out, connection) -> {
            byte[] bytes = new byte[65_536];
            int count;
            while ((count = in.read(bytes)) >= 0) {
                out.write(bytes, 0, count);
            }
        });
    }

    public static TestServer lines(LineBehaviour behaviour) throws IOException {
        return of((in, out, connection) -> {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int number = 0;
            int next;
            while ((next = in.read()) >= 0) {
                line.write(next);
                if (next == '\n') {
                    behaviour.answer(line.toByteArray(), ++number, out);
                    line.reset();
                }
            }
        });
    }

    public int port() {
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
