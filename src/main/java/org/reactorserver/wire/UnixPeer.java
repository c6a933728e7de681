package org.reactorserver.wire;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * Who has connected to a Unix socket, as the kernel knows it (SO_PEERCRED): nobody can pretend to be another. Immutable;
 * any thread.
 */
public record UnixPeer(String user, String group) {
    /**
     * Of an accepted connection. Looks up the names of both, which takes as long as the system's name service takes.
     *
     * @return null if it is no Unix socket, or the system does not tell
     */
    public static UnixPeer of(SocketChannel channel) throws IOException {
        if (!channel.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED)) {
            return null;
        }
        UnixDomainPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
        return new UnixPeer(peer.user().getName(), peer.group().getName());
    }

    /** {@code user:group}. */
    @Override
    public String toString() {
        return user + ":" + group;
    }
}
