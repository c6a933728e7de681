package org.reactorserver.cli;

import java.io.IOException;
import java.net.DatagramSocket;

final class UdpPorts {
    private UdpPorts() {}

    /** A UDP port that was free a moment ago. */
    static int free() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
