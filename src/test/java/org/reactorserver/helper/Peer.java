package org.reactorserver.helper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;

/**
 * A client as a student would write it: a blocking socket. What it waits for, it waits for in bounds,
 * and what it waits for in vain fails with what the server has printed.
 */
public final class Peer implements AutoCloseable {
    private final JarProcess server;
    private final Socket socket = new Socket();

    /** Connects. */
    public Peer(JarProcess server) {
        this.server = server;
        int patience = (int) ChildProcess.PATIENCE.toMillis();
        attempt("connecting", () -> {
            socket.connect(server.address(), patience);
            socket.setSoTimeout(patience);
            return null;
        });
    }

    /** How the server's transcript calls it. */
    public String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    public Peer send(String text) {
        return attempt("sending", () -> {
            socket.getOutputStream().write(text.getBytes(UTF_8));
            return this;
        });
    }

    /** Returns whether the connection still stands, as far as can be known. */
    public boolean trySend(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** What one {@code recv(1024)} returns, as text; empty at the end of the stream. */
    public String receive() {
        return attempt("receiving", () -> {
            byte[] buffer = new byte[1024];
            int count = socket.getInputStream().read(buffer);
            return new String(buffer, 0, Math.max(count, 0), UTF_8);
        });
    }

    /** Reads until the line feed, or until the end of the stream if that is first. */
    public String receiveLine() {
        return attempt("receiving a line", () -> {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int b;
            while ((b = socket.getInputStream().read()) >= 0 && b != '\n') {
                line.write(b);
            }
            return line.toString(UTF_8);
        });
    }

    /** Everything up to the end of the stream. */
    public String receiveAll() {
        return attempt(
                "receiving everything", () -> new String(socket.getInputStream().readAllBytes(), UTF_8));
    }

    public Peer endOutput() {
        return attempt("ending the output", () -> {
            socket.shutdownOutput();
            return this;
        });
    }

    @Override
    public void close() {
        attempt("closing", () -> {
            socket.close();
            return null;
        });
    }

    @FunctionalInterface
    private interface Step<T> {
        T run() throws IOException;
    }

    private <T> T attempt(String what, Step<T> step) {
        try {
            return step.run();
        } catch (IOException e) {
            throw new AssertionError(what + " failed: " + e + "\n" + server, e);
        }
    }
}
