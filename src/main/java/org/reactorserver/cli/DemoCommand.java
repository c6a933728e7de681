package org.reactorserver.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.reactorserver.text.Addresses;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code demo accept}: what accept() does when it may block and when it may not, shown and timed. */
@Command(name = "demo", description = "\"demo accept\" shows and times accept(), blocking and non-blocking.")
final class DemoCommand implements Callable<Integer> {
    private static final long CLIENT_COMES_AFTER_MILLIS = 500;

    @Spec
    CommandSpec spec;

    @Mixin
    Verbosity verbosity;

    @Parameters(paramLabel = "accept", description = "What to show.")
    String topic;

    private final PrintStream out = System.out;

    @Override
    public Integer call() throws Exception {
        if (!topic.equals("accept")) {
            throw new ParameterException(spec.commandLine(), "unknown demo '" + topic + "': expected accept");
        }
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
            out.println("A listener at " + Addresses.text(address) + ". Nobody has connected yet.");
            showBlocking(listener, address);
            listener.configureBlocking(false);
            showNonBlockingAlone(listener);
            showNonBlockingWithClient(listener, address);
        }
        out.println();
        out.println("So a server with one thread cannot afford the first kind: while it waits for a new");
        out.println("client it serves nobody. It asks a Selector to say when someone is there, then calls");
        out.println("the second kind until it returns null. `serve --trace` shows that at work.");
        return 0;
    }

    private void showBlocking(ServerSocketChannel listener, InetSocketAddress address) throws Exception {
        out.println();
        out.println("1. Blocking, which is how a channel is made. A client will come in 500 ms.");
        out.println("   accept() …");
        CompletableFuture<SocketChannel> client = CompletableFuture.supplyAsync(
                () -> connect(address),
                CompletableFuture.delayedExecutor(CLIENT_COMES_AFTER_MILLIS, TimeUnit.MILLISECONDS));
        acceptAndTell(listener);
        out.println("   It waited for the client. The thread could do nothing else meanwhile.");
        client.get().close();
    }

    private void showNonBlockingAlone(ServerSocketChannel listener) throws IOException {
        out.println();
        out.println("2. Non-blocking, and nobody is there.");
        acceptAndTell(listener);
        out.println("   It came back at once with null: no connection is pending. In C and Python this is");
        out.println("   the error \"would block\"; Java has a return value for it.");
    }

    private void showNonBlockingWithClient(ServerSocketChannel listener, InetSocketAddress address) throws IOException {
        out.println();
        out.println("3. Non-blocking, and a client has connected. It is in the backlog: the kernel has");
        out.println("   completed the connection, without the server having done anything.");
        SocketChannel client = connect(address);
        acceptAndTell(listener);
        out.println("   It came back at once with a channel. Asked again:");
        acceptAndTell(listener);
        client.close();
    }

    private void acceptAndTell(ServerSocketChannel listener) throws IOException {
        long start = System.nanoTime();
        try (SocketChannel client = listener.accept()) {
            double millis = (System.nanoTime() - start) / 1e6;
            String result = client == null ? "null" : Addresses.text((InetSocketAddress) client.getRemoteAddress());
            out.printf("   accept() → %s, after %.3f ms%n", result, millis);
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
