package org.reactorserver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A client as a student would write it: a blocking socket. What it waits for, it waits for in bounds. */
final class Peer implements AutoCloseable {
    private final Socket socket = new Socket();

    Peer(InetSocketAddress server) throws IOException {
        int patience = (int) JarProcess.PATIENCE.toMillis();
        socket.connect(server, patience);
        socket.setSoTimeout(patience);
    }

    /** How the server's transcript calls it. */
    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    Peer send(String text) throws IOException {
        return send(text.getBytes(UTF_8));
    }

    Peer send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** What one {@code recv(1024)} returns, as text; empty at the end of the stream. */
    String receive() throws IOException {
        byte[] buffer = new byte[1024];
        int count = socket.getInputStream().read(buffer);
        return new String(buffer, 0, Math.max(count, 0), UTF_8);
    }

    /** Reads until the line feed, or until the end of the stream if that is first. */
    String receiveLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b;
        while ((b = socket.getInputStream().read()) >= 0 && b != '\n') {
            line.write(b);
        }
        return line.toString(UTF_8);
    }

    /** Everything up to the end of the stream. */
    String receiveAll() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }

    Peer endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
