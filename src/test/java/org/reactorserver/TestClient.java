package org.reactorserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A plain blocking client. It waits as long as a {@link Witness} does, and no longer. */
final class TestClient implements Closeable {
    private static final int PATIENCE_MILLIS = Witness.SECONDS * 1_000;

    private final Socket socket = new Socket();
    private final InputStream in;

    TestClient(int port) throws IOException {
        this(port, "127.0.0.1", 0);
    }

    /**
     * Connects.
     *
     * @param from the client's own address
     * @param receiveBuffer SO_RCVBUF in bytes, 0 for what the system gives
     */
    TestClient(int port, String from, int receiveBuffer) throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    static TestClient of(ReactorServer server) throws IOException {
        return new TestClient(server.port());
    }

    static List<TestClient> several(int count, int port) throws IOException {
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(new TestClient(port));
        }
        return clients;
    }

    static void closeAll(List<TestClient> clients) throws IOException {
        for (TestClient client : clients) {
            client.close();
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    TestClient send(String text) throws IOException {
        return send(text.getBytes(UTF_8));
    }

    TestClient send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Sends a text in length framing. */
    TestClient sendWithLength(String text) throws IOException {
        byte[] payload = text.getBytes(UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(4 + payload.length);
        return send(frame.putInt(payload.length).put(payload).array());
    }

    /** Reads so many bytes and no more. */
    String read(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("the stream ended after " + bytes.length + " of " + count);
        }
        return new String(bytes, UTF_8);
    }

    String readWithLength() throws IOException {
        return read(ByteBuffer.wrap(in.readNBytes(4)).getInt());
    }

    /** Reads up to the next LF. */
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the stream ended after '" + line.toString(UTF_8) + "'");
            }
            line.write(b);
        }
        return line.toString(UTF_8);
    }

    List<String> lines(int count) throws IOException {
        List<String> lines = new ArrayList<>();
        while (lines.size() < count) {
            lines.add(line());
        }
        return lines;
    }

    /** Reads up to the end of the stream; throws if that is a reset. */
    String rest() throws IOException {
        return new String(bytes(), UTF_8);
    }

    /** The same as {@link #rest}, undecoded. */
    byte[] bytes() throws IOException {
        return in.readAllBytes();
    }

    /** Waits for the next byte, and leaves it there; true if it is the end of the stream instead. */
    boolean endsHere() throws IOException {
        in.mark(1);
        boolean ends = in.read() < 0;
        in.reset();
        return ends;
    }

    /** How many bytes can be read at once. */
    int available() {
        try {
            return in.available();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    TestClient endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Closes with RST instead of FIN. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Closes: with FIN if it has read everything. */
    void leave() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        leave();
    }
}
