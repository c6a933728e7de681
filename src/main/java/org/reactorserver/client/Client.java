package org.reactorserver.client;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.reactorserver.framing.FramingException;
import org.reactorserver.framing.Residue;
import org.reactorserver.loop.Pollable;
import org.reactorserver.loop.Timers;

/** One client: connects, sends one message, reads one reply, closes. Loop only. */
final class Client implements Pollable {
    final int id;
    SocketChannel channel; // null if none could be opened

    private final Clients clients;
    private final Timers.Timer timeout = new Timers.Timer() {
        @Override
        protected void onTimer() {
            fail("no reply within %d ms (%s)".formatted(clients.plan.timeout().toMillis(), stage));
        }
    };
    private String stage = "connecting";
    private SelectionKey key;
    private ByteBuffer unsent;
    private Residue residue;
    private boolean ended;

    Client(Clients clients, int id) {
        this.clients = clients;
        this.id = id;
    }

    void begin(boolean connected) {
        clients.loop
                .timers()
                .arm(timeout, clients.loop.now() + clients.plan.timeout().toNanos());
        if (connected) {
            onConnected();
        }
    }

    @Override
    public void onRegistered(SelectionKey key) {
        this.key = key;
    }

    @Override
    public void onReady(int readyOps) throws IOException {
        if ((readyOps & SelectionKey.OP_CONNECT) != 0 && channel.finishConnect()) {
            onConnected();
        }
        if ((readyOps & SelectionKey.OP_WRITE) != 0) {
            write();
        }
        if ((readyOps & SelectionKey.OP_READ) != 0) {
            read();
        }
    }

    /** From here on it reads, also while it waits for others: so it notices if it is let down. */
    private void onConnected() {
        stage = "connected";
        key.interestOps(SelectionKey.OP_READ);
        clients.onConnected(this);
    }

    void send() {
        byte[] payload = clients.plan.messageOf(id).getBytes(StandardCharsets.UTF_8);
        unsent = ByteBuffer.allocate(payload.length + clients.plan.framing().overhead());
        clients.plan.framing().put(payload, 0, unsent);
        unsent.flip();
        stage = "sending";
        try {
            write();
        } catch (IOException e) {
            onFailure(e);
        }
    }

    private void write() throws IOException {
        channel.write(unsent);
        if (unsent.hasRemaining()) {
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        } else {
            key.interestOps(SelectionKey.OP_READ);
            stage = "sent, waiting for the reply";
        }
    }

    private void read() throws IOException {
        ByteBuffer buffer = clients.loop.buffer().clear();
        int count = channel.read(buffer);
        if (count < 0) {
            fail("the server closed the connection (" + stage + ")");
            return;
        }
        clients.decoder.load(residue, buffer.flip());
        try {
            String reply = clients.decoder.next();
            residue = clients.decoder.unload();
            if (reply != null) {
                onReply(reply);
            }
        } catch (FramingException e) {
            fail("not a reply in " + clients.plan.framing() + " framing: " + e.getMessage());
        }
    }

    private void onReply(String reply) {
        clients.loop.timers().cancel(timeout);
        key.interestOps(0); // one reply is what it came for
        clients.onReply(this, reply);
    }

    @Override
    public void onFailure(Exception cause) {
        if (cause instanceof ConnectException) {
            fail("connection refused");
        } else {
            fail(cause.getMessage() == null ? cause.toString() : cause.getMessage());
        }
    }

    private void fail(String reason) {
        if (!ended) {
            clients.onFailed(this, reason);
        }
    }

    void end() {
        if (ended) {
            return;
        }
        ended = true;
        clients.loop.timers().cancel(timeout);
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                stage = "closing failed"; // there is nobody left to tell
            }
        }
        clients.onEnded();
    }
}
