package org.reactorserver.wire;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * A handshake of a server with itself, in memory: it shows that the keys can be used. And the first one of a JVM takes
 * a hundred milliseconds for classes to be loaded, which no client is to wait for.
 */
final class TlsTrial {
    private static final int MOST_STEPS = 100;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private TlsTrial() {}

    /** Shakes hands. Returns the server's engine after that. */
    static SSLEngine run(SSLEngine server, SSLEngine client) throws SSLException {
        ByteBuffer toServer = ByteBuffer.allocate(4 * TlsBuffers.MOST_RECORD);
        ByteBuffer toClient = ByteBuffer.allocate(4 * TlsBuffers.MOST_RECORD);
        client.beginHandshake();
        server.beginHandshake();
        for (int i = 0; i < MOST_STEPS && (isShaking(server) || isShaking(client)); i++) {
            step(client, toClient, toServer);
            step(server, toServer, toClient);
        }
        if (isShaking(server) || isShaking(client)) {
            throw new SSLException("the handshake does not come to an end");
        }
        return server;
    }

    private static boolean isShaking(SSLEngine engine) {
        HandshakeStatus status = engine.getHandshakeStatus();
        return status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED;
    }

    private static void step(SSLEngine engine, ByteBuffer from, ByteBuffer to) throws SSLException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                Runnable task;
                while ((task = engine.getDelegatedTask()) != null) {
                    task.run();
                }
            }
            case NEED_WRAP -> engine.wrap(NOTHING, to);
            default -> {
                from.flip();
                SSLEngineResult result = engine.unwrap(from, ByteBuffer.allocate(TlsBuffers.MOST_RECORD));
                from.compact();
                if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                    throw new SSLException("the handshake was ended");
                }
            }
        }
    }
}
