package org.reactorserver.load.drive;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SelectionKey;
import org.reactorserver.dial.Link;
import org.reactorserver.load.measure.Outstanding;
import org.reactorserver.load.protocol.Unreadable;
import org.reactorserver.loop.Pollable;
import org.reactorserver.loop.Timers;

/**
 * A connection as far as it comes to be open: it is connected, what comes before the first message is said and heard,
 * and it may be ended and opened again. Loop only.
 */
abstract class Visit extends Pollable {
    /** A server that has gone may come again; to ask all the time would be one more reason not to. */
    private static final long AGAIN_NANOS = 100_000_000;

    final long id;
    final RunContext context;
    final Outstanding outstanding;
    final Output output;
    final Talk talk;
    final Link link;
    boolean connecting;
    boolean renewing; // it was open before, and counts as open
    boolean open;
    long connectBegan;

    private InetAddress source; // null: the system's choice
    private final Timers.Timer again = new Timers.Timer() {
        @Override
        protected void onTimer() {
            Alarms.runOrDie(Visit.this::renew);
        }
    };

    Visit(long id, RunContext context) {
        this.id = id;
        this.context = context;
        this.outstanding = new Outstanding(id);
        this.output = new Output(context.plan.misbehaviour());
        this.link = new Link(context.dialer, this);
        this.talk = context.plan.scenario() == null
                ? new PlainTalk(context, outstanding)
                : new ScriptTalk(context, outstanding, this::sendOrFail);
    }

    /** It is open. */
    abstract void onOpen();

    /** Sends what the model allows by now. */
    abstract void sendOrFail();

    /** Whether it reads now. */
    abstract boolean wantsInput();

    /** From an address, or from the system's choice if it is null. */
    void connect(InetAddress from) {
        source = from;
        connect();
    }

    private void connect() {
        connectBegan = context.time();
        connecting = true;
        try {
            link.close(false); // the one before
            link.open(source);
        } catch (IOException | RuntimeException e) {
            onFailure(e);
        }
    }

    /** Goes on until it is open. */
    final void advance() throws IOException {
        if (connecting && link.advance()) {
            talk.startOver();
            goOnOpening();
        }
    }

    /** Says what is to be said before the first message. */
    final void goOnOpening() throws IOException {
        byte[] bytes;
        while (connecting && output.isEmpty() && (bytes = talk.opening()) != null) {
            output.keep(bytes, context.time());
            context.books.recorder.slice.bytesSent += output.writeRest(link, context.buffer, context.time());
        }
        if (connecting && output.isEmpty() && !talk.isOpening()) {
            connecting = false;
            open = true;
            onOpen();
        }
    }

    /** Hears what comes before the first reply. Returns where that begins, or -1 if it is not here yet. */
    final int opening(byte[] input, int count) throws Unreadable, IOException {
        int at = 0;
        while (at >= 0 && at < count && talk.isOpening()) {
            at = talk.takeOpening(input, at, count);
            goOnOpening();
        }
        return at;
    }

    /** Ends it, and opens it again. */
    void renew() {
        open = false;
        renewing = true;
        talk.end();
        connect();
    }

    /** It has ended; it is opened again in a while. */
    final void renewLater() {
        renewing = true;
        context.loop.timers().arm(again, context.time() + AGAIN_NANOS);
    }

    /** It is not to be opened, or not again. */
    final void endVisit() {
        connecting = false;
        open = false;
        renewing = false;
        talk.end();
        context.loop.timers().cancel(again);
    }

    /** Whether it is open, or about to be so again. */
    final boolean isOpen() {
        return open || renewing;
    }

    /** Whether it is open, or about to be, and something is said or heard before. */
    final boolean isSpeaking() {
        return open || connecting && link.isEstablished();
    }

    /** Says for what it is to be watched, at the end of each turn. */
    final void ask() {
        if (isSpeaking()) {
            link.ask(wantsInput(), !output.isEmpty() && output.isBlocked());
        }
    }

    @Override
    public void onRegistered(SelectionKey key) {
        link.registered(key);
    }
}
