package org.reactorserver.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.reactorserver.text.Addresses;

/** What accept() does when it may block and when it may not, shown and timed. */
final class AcceptDemo implements Demo {
    private static final long CLIENT_COMES_AFTER_MILLIS = 500;

    @Override
    public void show(Screen screen) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
            screen.say("accept.listener", Addresses.text(address));

            screen.say("accept.blocking", CLIENT_COMES_AFTER_MILLIS);
            CompletableFuture<SocketChannel> late = CompletableFuture.supplyAsync(
                    () -> connect(address),
                    CompletableFuture.delayedExecutor(CLIENT_COMES_AFTER_MILLIS, TimeUnit.MILLISECONDS));
            double blocked = accept(listener, screen);
            screen.say("accept.waited");
            late.get().close();

            listener.configureBlocking(false);
            screen.say("accept.alone");
            double alone = accept(listener, screen);
            screen.say("accept.null");

            screen.say("accept.pending");
            SocketChannel client = connect(address);
            double pending = accept(listener, screen);
            screen.say("accept.again");
            double again = accept(listener, screen);
            client.close();
            screen.say("accept.end");
            screen.say("accept.seen", blocked, Math.max(alone, Math.max(pending, again)));
        }
    }

    /** Returns how many milliseconds it took. */
    private static double accept(ServerSocketChannel listener, Screen screen) throws IOException {
        long start = System.nanoTime();
        try (SocketChannel client = listener.accept()) {
            double millis = (System.nanoTime() - start) / 1e6;
            String result = client == null ? "null" : Addresses.text((InetSocketAddress) client.getRemoteAddress());
            screen.say("accept.result", result, millis);
            return millis;
        }
    }

    private static SocketChannel connect(InetSocketAddress address) {
        try {
            return SocketChannel.open(address);
        } catch (IOException e) {
            throw new IllegalStateException("cannot connect to our own listener", e);
        }
    }
}
