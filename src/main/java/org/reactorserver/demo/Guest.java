package org.reactorserver.demo;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.reactorserver.ReactorServer;

/** A client of a demo or of an exercise, the simplest that there is: it blocks. One thread. */
public final class Guest implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int BUFFER = 8_192;

    private final Socket socket;
    private final BufferedReader lines;

    Guest(ReactorServer server) throws IOException {
        this(server.port());
    }

    Guest(int port) throws IOException {
        this(port, PATIENCE_MILLIS);
    }

    /**
     * Connects.
     *
     * @param patienceMillis how long it waits for anything that is to be received
     */
    public Guest(int port, int patienceMillis) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true); // what is sent in two pieces is to leave in two
        socket.setSoTimeout(patienceMillis);
        lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Sends it, in UTF-8. */
    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends them. */
    public void send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Ends the stream to the server; what the server sends can still be received. */
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** The next line; null at the end. */
    public String line() throws IOException {
        return lines.readLine();
    }

    /**
     * So many characters, of which none may be missing.
     *
     * @throws EOFException if the server has ended its stream before
     */
    public String characters(int count) throws IOException {
        char[] text = new char[count];
        for (int i = 0; i < count; ) {
            int read = lines.read(text, i, count - i);
            if (read < 0) {
                throw new EOFException("the server ended the connection");
            }
            i += read;
        }
        return new String(text);
    }

    /** Whether there is something to receive now. */
    public boolean hasInput() throws IOException {
        return lines.ready();
    }

    /** Waits for the end of the server's stream. Returns how many characters came before it. */
    public long awaitEnd() throws IOException {
        char[] text = new char[BUFFER];
        long all = 0;
        int read;
        while ((read = lines.read(text)) >= 0) {
            all += read;
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
