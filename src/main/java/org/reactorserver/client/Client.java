package org.reactorserver.client;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.reactorserver.framing.Decoder;
import org.reactorserver.framing.FramingException;
import org.reactorserver.framing.Residue;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.Pollable;
import org.reactorserver.loop.Timers;

/** One client: connects, sends one message, reads one reply, closes. Loop only. */
final class Client extends Pollable {

    /** Decides when a client goes on, and is told what became of it. */
    interface Owner {
        /** It is connected, and waits for {@link Client#send}. */
        void onConnected(Client client);

        /** It has its reply, and waits for {@link Client#end}. */
        void onReply(Client client, String reply);

        /** It will get no reply, and waits for {@link Client#end}. */
        void onFailed(Client client, String reason);

        /** It has been ended; told once. */
        void onEnded();
    }

    final int id;
    SocketChannel channel; // null if none could be opened

    private final ClientPlan plan;
    private final EventLoop loop;
    private final Decoder<String> decoder; // which all clients of the loop share
    private final Owner owner;
    private final Timers.Timer timeout = new Timers.Timer() {
        @Override
        protected void onTimer() {
            fail("no reply within " + plan.timeout().toMillis() + " ms (" + stage + ")");
        }
    };
    private String stage = "connecting";
    private SelectionKey key;
    private ByteBuffer unsent; // null: it has not begun to send
    private long left; // of the time to get its reply, while it waits for others
    private Residue residue;
    private boolean ended;

    Client(int id, ClientPlan plan, EventLoop loop, Decoder<String> decoder, Owner owner) {
        this.id = id;
        this.plan = plan;
        this.loop = loop;
        this.decoder = decoder;
        this.owner = owner;
    }

    void begin(boolean connected) {
        loop.timers().arm(timeout, loop.now() + plan.timeout().toNanos());
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
        owner.onConnected(this);
    }

    /** It waits for others, which costs it no time. */
    void pause() {
        left = timeout.deadline() - loop.now();
        loop.timers().cancel(timeout);
    }

    void send() {
        if (!timeout.isArmed()) {
            loop.timers().arm(timeout, loop.now() + left);
        }
        byte[] payload = plan.framing().encode(plan.messageOf(id), plan.codec());
        unsent = ByteBuffer.allocate(payload.length + plan.framing().overhead(payload.length));
        plan.framing().put(payload, 0, unsent);
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
        ByteBuffer buffer = loop.buffer().clear();
        int count = channel.read(buffer);
        if (count < 0) {
            fail("the server closed the connection (" + stage + ")");
            return;
        }
        decoder.load(residue, buffer.flip());
        try {
            String reply = decoder.next();
            residue = decoder.unload();
            if (reply != null) {
                onReply(reply);
            }
        } catch (FramingException e) {
            fail("not a reply in " + plan.framing() + " framing: " + e.getMessage());
        }
    }

    private void onReply(String reply) {
        if (unsent == null) {
            fail("the server sent something before it was asked: " + reply);
            return;
        }
        loop.timers().cancel(timeout);
        key.interestOps(0); // one reply is what it came for
        owner.onReply(this, reply);
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
            owner.onFailed(this, reason);
        }
    }

    void end() {
        if (ended) {
            return;
        }
        ended = true;
        loop.timers().cancel(timeout);
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                stage = "closing failed"; // there is nobody left to tell
            }
        }
        owner.onEnded();
    }
}
