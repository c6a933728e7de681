package org.reactorserver.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.reactorserver.dial.Dialer;
import org.reactorserver.dial.Link;
import org.reactorserver.framing.Decoder;
import org.reactorserver.framing.FramingException;
import org.reactorserver.framing.Residue;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.Pollable;
import org.reactorserver.loop.Timers;

/** One client: connects, sends one message, reads one reply, closes. Loop only. */
final class Client extends Pollable {

    /** Decides when a client goes on, and receives its outcome. */
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

    private final ClientPlan plan;
    private final EventLoop loop;
    private final Link link;
    private final Decoder<String> decoder; // which all clients of the loop share
    private final Owner owner;
    private final Timers.Timer timeout = new Timers.Timer() {
        @Override
        protected void onTimer() {
            String reached = link.isShakingHands() ? "shaking hands" : stage;
            fail("no reply within %d ms (%s)".formatted(plan.timeout().toMillis(), reached));
        }
    };
    private String stage = "connecting";
    private ByteBuffer unsent; // null until it may send
    private long left; // of the time to get its reply, while it waits for others
    private Residue residue;
    private boolean wantsReply = true;
    private boolean ended;

    Client(int id, ClientPlan plan, EventLoop loop, Dialer dialer, Decoder<String> decoder, Owner owner) {
        this.id = id;
        this.plan = plan;
        this.loop = loop;
        this.link = new Link(dialer, this);
        this.decoder = decoder;
        this.owner = owner;
    }

    void begin() {
        loop.timers().arm(timeout, loop.now() + plan.timeout().toNanos());
        try {
            link.open(null);
        } catch (IOException | RuntimeException e) {
            onFailure(e);
        }
    }

    @Override
    public void onRegistered(SelectionKey key) {
        link.registered(key);
    }

    @Override
    public void onReady(int readyOps) throws IOException {
        if (!link.isEstablished()) {
            advance();
            return;
        }
        if ((readyOps & SelectionKey.OP_WRITE) != 0) {
            write();
        }
        if ((readyOps & SelectionKey.OP_READ) != 0) {
            read();
        }
        ask();
    }

    /** From here on it reads, also while it waits for others: so it notices if it is let down. */
    private void advance() throws IOException {
        if (link.advance()) {
            stage = "connected";
            owner.onConnected(this);
        }
    }

    /** Sets the interest ops, at the end of each turn; a client that is done has none. */
    private void ask() {
        if (!ended) {
            link.ask(wantsReply, unsent != null && unsent.hasRemaining());
        }
    }

    @Override
    public void onSettle() throws IOException {
        if (ended) {
            return;
        }
        if (!link.isEstablished()) {
            advance();
            return;
        }
        if (wantsReply && link.holdsInput()) {
            read();
        }
        ask();
    }

    @Override
    protected void onDelivery() {
        loop.touch(this);
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
            ask();
        } catch (IOException e) {
            onFailure(e);
        }
    }

    private void write() throws IOException {
        if (unsent == null) {
            link.flush(); // what is left of the handshake
            return;
        }
        link.write(unsent);
        if (!unsent.hasRemaining() && !link.holdsOutput()) {
            stage = "sent, waiting for the reply";
        }
    }

    private void read() throws IOException {
        ByteBuffer buffer = loop.buffer().clear();
        int count = link.read(buffer);
        if (count < 0) {
            String how = link.isCutOff() ? ", without the end that TLS demands" : "";
            fail("the server closed the connection (" + stage + how + ")");
            return;
        } else if (count == 0) {
            return; // so far, it was records without messages
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
        wantsReply = false; // one is what it came for
        owner.onReply(this, reply);
    }

    @Override
    public void onFailure(Exception cause) {
        fail(link.explain(cause));
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
        try {
            link.close(false);
        } catch (IOException e) {
            stage = "closing failed"; // the client is done anyway
        }
        owner.onEnded();
    }
}
