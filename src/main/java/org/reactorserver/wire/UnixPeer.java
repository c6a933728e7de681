package org.reactorserver.wire;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * The process that has connected to a Unix socket, as the kernel reports it (SO_PEERCRED), which cannot be forged. It
 * is the connection's address, since a client's own file has no name as a rule. Immutable; any thread.
 */
public final class UnixPeer extends SocketAddress {
    private static final long serialVersionUID = 1L;

    private final String user;
    private final String group;

    UnixPeer(String user, String group) {
        this.user = user;
        this.group = group;
    }

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

    /** The user's name. */
    public String user() {
        return user;
    }

    /** The name of the user's group. */
    public String group() {
        return group;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnixPeer peer && user.equals(peer.user) && group.equals(peer.group);
    }

    @Override
    public int hashCode() {
        return Objects.hash(user, group);
    }

    /** {@code user:group}. */
    @Override
    public String toString() {
        return user + ":" + group;
    }
}
