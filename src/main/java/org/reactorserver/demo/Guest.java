package org.reactorserver.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.reactorserver.ReactorServer;

/** A client of a demo, the simplest that there is: it blocks. One thread. */
final class Guest implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final BufferedReader lines;

    Guest(ReactorServer server) throws IOException {
        this(server.port());
    }

    Guest(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true); // what is sent in two pieces is to leave in two
        socket.setSoTimeout(PATIENCE_MILLIS);
        lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    void send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** The next line; null at the end. */
    String line() throws IOException {
        return lines.readLine();
    }

    /** So many characters, of which none may be missing. */
    String characters(int count) throws IOException {
        char[] text = new char[count];
        for (int i = 0; i < count; ) {
            int read = lines.read(text, i, count - i);
            if (read < 0) {
                throw new IOException("the server ended the connection");
            }
            i += read;
        }
        return new String(text);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
