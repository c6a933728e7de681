package org.reactorserver.bench.peers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * What all peers have in common, so that they differ in nothing but the library: the address, the
 * limits, the socket options, the ready line and the way they end.
 *
 * <p>Each peer is {@code PeerClass PORT VARIANT [MAX_FRAME [CERTIFICATE KEY]]}, echoes lines strictly one reply per
 * line, decodes every line to a {@link String} and encodes the reply again, and lives until its
 * standard input ends: a runner that dies, however it dies, leaves no server behind.
 */
final class Peer {

    /** The same backlog everywhere: a burst of 15,000 connections is not what is being compared. */
    static final int BACKLOG = 1024;

    private static final int DEFAULT_MAX_FRAME = 64 * 1024;

    final InetSocketAddress address;
    final String variant;
    final int maxFrame;

    /** PEM files; null without TLS, which not every peer has. */
    final File certificate;

    final File key;

    private Peer(InetSocketAddress address, String variant, int maxFrame, File certificate, File key) {
        this.address = address;
        this.variant = variant;
        this.maxFrame = maxFrame;
        this.certificate = certificate;
        this.key = key;
    }

    static Peer parse(String[] args) {
        if (args.length < 1) {
            System.err.println("usage: PORT [VARIANT [MAX_FRAME [CERTIFICATE KEY]]]   (port 0: any)");
            System.exit(2);
        }
        return new Peer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), freeIfZero(Integer.parseInt(args[0]))),
                args.length > 1 ? args[1] : "",
                args.length > 2 ? Integer.parseInt(args[2]) : DEFAULT_MAX_FRAME,
                args.length > 4 ? new File(args[3]) : null,
                args.length > 4 ? new File(args[4]) : null);
    }

    /** Says that connections are welcome, and from now on watches for the runner's end. */
    void listening() {
        System.out.println("listening on 127.0.0.1:" + address.getPort());
        Thread watcher = new Thread(Peer::haltAtEndOfInput, "stdin-watcher");
        watcher.setDaemon(true);
        watcher.start();
    }

    IllegalArgumentException unknownVariant(String known) {
        return new IllegalArgumentException("variant '" + variant + "': this peer knows " + known);
    }

    private static void haltAtEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever sent; only the end matters.
            }
        } catch (IOException e) {
            // As good as the end.
        }
        Runtime.getRuntime().halt(0);
    }

    /**
     * Not every library can tell which port it was given, so the port is chosen here for all of
     * them.
     */
    private static int freeIfZero(int port) {
        if (port != 0) {
            return port;
        }
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
