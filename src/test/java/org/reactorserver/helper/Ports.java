package org.reactorserver.helper;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for tests that cannot use port 0. */
public final class Ports {
    private Ports() {}

    /** A UDP port that was free a moment ago. */
    public static int freeUdp() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** A TCP port that no outgoing connection is given, so that it is still free a moment later. */
    public static int freeTcp() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 32_000);
            if (isFree(port)) {
                return port;
            }
        }
    }

    /** The first of so many ports in a row, all of them as {@link #freeTcp}. */
    public static int freeTcpRow(int count) throws IOException {
        while (true) {
            int first = freeTcp();
            int free = 0;
            while (free < count && isFree(first + free)) {
                free++;
            }
            if (free == count) {
                return first;
            }
        }
    }

    private static boolean isFree(int port) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (BindException e) {
            return false;
        }
    }
}
