package org.reactorserver.guest;

import static org.reactorserver.text.Log.LOG;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.Pollable;
import org.reactorserver.loop.Timers;
import org.reactorserver.text.Addresses;

/**
 * Announces the server once a second by UDP, so that clients on the same network find it without being
 * told its address. What it sends is in {@code docs/protocol.md}. It is not registered with the selector:
 * a datagram that cannot be sent at once is left out, the next one follows in a second.
 */
public final class Beacon extends Pollable {
    private static final long SECOND = 1_000_000_000;

    private final EventLoop loop;
    private final InetSocketAddress target;
    private final DatagramChannel channel;
    private final ByteBuffer datagram;
    private boolean failed;

    private final Timers.Timer next = new Timers.Timer() {
        @Override
        protected void onTimer() {
            announce();
        }
    };

    /**
     * Opens its channel.
     *
     * @param target where to send to; may be a broadcast address
     * @param server what to announce
     * @param spoken its framing, and its charset unless that is UTF-8
     */
    public Beacon(
            EventLoop loop,
            SelectorProvider provider,
            InetSocketAddress target,
            InetSocketAddress server,
            String spoken)
            throws IOException {
        this.loop = loop;
        this.target = target;
        this.channel = provider.openDatagramChannel();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.SO_BROADCAST, true);
        String text = "reactor-server " + Addresses.text(server) + " " + spoken;
        this.datagram = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Registers it and announces at once. */
    public void start() throws IOException {
        loop.register(channel, 0, this);
        loop.timers().arm(next, loop.now());
    }

    private void announce() {
        try {
            channel.send(datagram.rewind(), target);
            failed = false;
        } catch (IOException e) {
            onFailure(e);
        }
        loop.timers().arm(next, loop.now() + SECOND);
    }

    @Override
    public void onRegistered(SelectionKey key) {}

    @Override
    public void onReady(int readyOps) {}

    @Override
    public void onFailure(Exception cause) {
        if (!failed) { // said once, not every second
            failed = true;
            LOG.warn("announcing to {} failed: {}", target, cause.toString());
        }
    }
}
