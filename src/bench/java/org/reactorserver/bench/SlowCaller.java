package org.reactorserver.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The one session among the others whose messages take 50 ms each, one after the other. */
final class SlowCaller implements AutoCloseable {

    private static final byte[] MESSAGE = "slow\n".getBytes(StandardCharsets.UTF_8);
    private static final int REPLY_LIMIT_MILLIS = 5_000;

    private final Socket socket;
    private final Thread thread;
    private volatile int replies;

    SlowCaller(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(REPLY_LIMIT_MILLIS);
        thread = new Thread(this::call, "slow-caller");
        thread.setDaemon(true);
        thread.start();
    }

    /** Fails if there was no slow handler to speak of. */
    void check() throws IOException {
        if (replies == 0) {
            throw new IOException("the slow session got no reply");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void call() {
        try {
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            while (true) {
                out.write(MESSAGE);
                int c = in.read();
                while (c != '\n') {
                    if (c < 0) {
                        return;
                    }
                    c = in.read();
                }
                replies++;
            }
        } catch (IOException e) {
            // Closed at the end of the sample; check() tells whether it was too early.
        }
    }
}
