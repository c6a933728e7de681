package org.reactorserver.bench.peers;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Vert.x 5 with one event loop and the handlers on it ({@code loop}), the only place where Vert.x
 * wants a handler that does not block. It has no shape of ours: its worker pool is for blocking
 * calls.
 */
public final class VertxPeer {

    private VertxPeer() {}

    public static void main(String[] args) throws Exception {
        Peer peer = Peer.parse(args);
        if (!peer.variant.equals("loop")) {
            throw peer.unknownVariant("loop");
        }
        NetServerOptions options = new NetServerOptions()
                .setTcpNoDelay(true)
                .setAcceptBacklog(Peer.BACKLOG)
                .setHost(peer.address.getHostString())
                .setPort(peer.address.getPort());
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1))
                .createNetServer(options)
                .connectHandler(socket -> echo(socket, peer.maxFrame))
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        peer.listening();
    }

    private static void echo(NetSocket socket, int maxFrame) {
        RecordParser lines =
                RecordParser.newDelimited("\n", record -> socket.write(record.toString(StandardCharsets.UTF_8) + "\n"));
        lines.maxRecordSize(maxFrame);
        lines.exceptionHandler(tooLong -> socket.close());
        socket.exceptionHandler(reset -> {});
        socket.handler(lines);
    }
}
