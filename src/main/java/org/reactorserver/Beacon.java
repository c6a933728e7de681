package org.reactorserver;

import static org.reactorserver.Log.LOG;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import org.reactorserver.loop.Pollable;
import org.reactorserver.loop.Timers;
import org.reactorserver.text.Addresses;

/**
 * Announces the server once a second by UDP, so that clients on the same network find it without being
 * told its address. What it sends is in {@code docs/protocol.md}. It wants nothing from the selector:
 * a datagram that cannot be sent at once is left out, the next one follows in a second.
 */
final class Beacon implements Pollable {
    private static final long SECOND = 1_000_000_000;

    private final Reactor reactor;
    private final DatagramChannel channel;
    private final ByteBuffer datagram;
    private boolean failed;

    private final Timers.Timer next = new Timers.Timer() {
        @Override
        protected void onTimer() {
            announce();
        }
    };

    Beacon(Reactor reactor, InetSocketAddress serverAddress) throws IOException {
        this.reactor = reactor;
        this.channel = reactor.settings.provider.openDatagramChannel();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.SO_BROADCAST, true);
        String text = "reactor-server " + Addresses.text(serverAddress) + " " + reactor.settings.framing;
        this.datagram = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    void start() throws IOException {
        reactor.loop.register(channel, 0, this);
        reactor.loop.timers().arm(next, reactor.loop.now());
    }

    private void announce() {
        try {
            channel.send(datagram.rewind(), reactor.settings.announceTo);
            failed = false;
        } catch (IOException e) {
            onFailure(e);
        }
        reactor.loop.timers().arm(next, reactor.loop.now() + SECOND);
    }

    @Override
    public void onRegistered(SelectionKey key) {}

    @Override
    public void onReady(int readyOps) {}

    @Override
    public void onFailure(Exception cause) {
        if (!failed) { // said once, not every second
            failed = true;
            LOG.warn("announcing to {} failed: {}", reactor.settings.announceTo, cause.toString());
        }
    }
}
