package org.reactorserver.dial;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.reactorserver.loop.Pollable;
import org.reactorserver.loop.Timers;
import org.reactorserver.wire.Transport;

/**
 * A client's connection to its server: it is opened, then {@link #advance advanced} until it is established, and then
 * carries messages. Its owner passes on what the loop says: it calls {@link #registered}; while the link is not
 * established, {@link #advance} whenever it is ready or settled; from then on, after each turn, {@link #ask}. If it is
 * posted it is to be settled. Loop only.
 */
public final class Link {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** A connect to a Unix socket whose backlog is full cannot be waited for: it is tried again. */
    private static final long AGAIN_NANOS = 1_000_000;

    private static final String BACKLOG_FULL = "Resource temporarily unavailable"; // EAGAIN

    private final Dialer dialer;
    private final Pollable owner;
    private SocketChannel channel; // null until it is opened
    private SelectionKey key;
    private int asked; // of the selector
    private Transport transport; // null until it is connected
    private Timers.Timer again; // null unless it had to be tried again

    /** Opens nothing yet. */
    public Link(Dialer dialer, Pollable owner) {
        this.dialer = dialer;
        this.owner = owner;
    }

    // -- until it is established
    // ---------------------------------------------------------------------

    /** Begins to connect, from an address or from the system's choice if it is null. */
    public void open(InetAddress source) throws IOException {
        transport = null;
        channel = dialer.open(source);
        boolean connected;
        try {
            connected = channel.connect(dialer.server);
        } catch (SocketException e) {
            if (!dialer.isUnix() || !BACKLOG_FULL.equals(e.getMessage())) {
                throw e;
            }
            channel.close();
            openLater(source);
            return;
        }
        asked = connected ? 0 : SelectionKey.OP_CONNECT;
        dialer.loop.register(channel, asked, owner);
        if (connected) {
            dialer.loop.touch(owner);
        }
    }

    private void openLater(InetAddress source) {
        if (again == null) {
            again = new Timers.Timer() {
                @Override
                protected void onTimer() {
                    try {
                        open(source);
                    } catch (IOException | RuntimeException e) {
                        owner.onFailure(e);
                    }
                }
            };
        }
        dialer.loop.timers().arm(again, dialer.loop.now() + AGAIN_NANOS);
    }

    /** The selector knows it under this key from now on. */
    public void registered(SelectionKey newKey) {
        key = newKey;
    }

    /**
     * Goes on until messages can be spoken.
     *
     * @return whether that is so; then it reads, and does not write
     * @throws IOException if that will not be
     */
    public boolean advance() throws IOException {
        if (transport == null) {
            if (!channel.finishConnect()) {
                return false;
            }
            transport = dialer.begin(channel, () -> dialer.loop.post(owner));
        }
        if (!transport.isEstablished() && transport.read(NOTHING) < 0) { // what is behind the handshake stays there
            throw new EOFException("the server ended the connection during the TLS handshake");
        }
        ask(true, false);
        return transport.isEstablished();
    }

    /** Whether messages can be spoken. */
    public boolean isEstablished() {
        return transport != null && transport.isEstablished();
    }

    /** Whether it is connected, and not yet established. */
    public boolean isShakingHands() {
        return transport != null && !transport.isEstablished();
    }

    // -- from then on
    // --------------------------------------------------------------------------------

    /** As {@link Transport#read}. */
    public int read(ByteBuffer into) throws IOException {
        return transport.read(into);
    }

    /** As {@link Transport#write}: also without new bytes, whenever it can be written. */
    public int write(ByteBuffer from) throws IOException {
        return transport.write(from);
    }

    /** Writes what it holds. */
    public void flush() throws IOException {
        transport.write(NOTHING);
    }

    /**
     * Says for what it is to be watched. If no event will announce what it can read, its owner is settled again.
     *
     * @param reading whether its owner reads
     * @param writing whether its owner has output that was not taken
     */
    public void ask(boolean reading, boolean writing) {
        int wanted = transport.interestOps(reading, writing);
        if (wanted != asked) {
            asked = wanted;
            key.interestOps(wanted);
        }
        if (reading && transport.holdsInput()) {
            dialer.loop.touch(owner);
        }
    }

    /** Whether it can be read, and no event will announce that. */
    public boolean holdsInput() {
        return transport.holdsInput();
    }

    /** Whether it holds output that was taken and is not on the wire. */
    public boolean holdsOutput() {
        return transport.holdsOutput();
    }

    /** As {@link Transport#endOutput}. */
    public boolean endOutput() throws IOException {
        return transport.endOutput();
    }

    /** Whether the server's stream, which has ended, may have been cut off on the network. */
    public boolean isCutOff() {
        return transport.end() == Transport.End.TRUNCATED;
    }

    /** In one line, why it failed, and which option helps. */
    public String explain(Exception failure) {
        return Remedy.text(failure, dialer, isShakingHands());
    }

    /**
     * Closes it, in whatever state it is.
     *
     * @param cutOff whether the server is to see a reset
     */
    public void close(boolean cutOff) throws IOException {
        if (again != null) {
            dialer.loop.timers().cancel(again);
        }
        if (transport != null) {
            transport.close(cutOff);
        } else if (channel != null) {
            channel.close();
        }
    }
}
