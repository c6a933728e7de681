package org.reactorserver.wire;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Where a server listens. Immutable; any thread. Kinds may be added.
 *
 * @see #tcp
 * @see #unix
 * @see #inherit
 */
public final class Endpoint {
    /** How it can be listened. */
    public enum Kind {
        /** At a TCP port. */
        TCP,
        /** At a file. */
        UNIX,
        /** At the socket that the process was started with. */
        INHERITED
    }

    /** The permissions of a Unix socket's file: its owner and group may connect. */
    public static final int USUAL_MODE = 0660;

    private static final int MOST_MODE = 0777;

    private final Kind kind;
    private final String host; // null unless it is TCP
    private final int port;
    private final Path path; // null unless it is a Unix socket
    private final int mode;

    private Endpoint(Kind kind, String host, int port, Path path, int mode) {
        this.kind = kind;
        this.host = host;
        this.port = port;
        this.path = path;
        this.mode = mode;
    }

    /**
     * A TCP port.
     *
     * @param host an address of this machine or a name for one; 0.0.0.0 for all of IPv4, :: for all
     * @param port 0 for any that is free
     */
    public static Endpoint tcp(String host, int port) {
        Objects.requireNonNull(host, "tcp(null, ...): expected a host");
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be from 0 to 65535, not " + port);
        }
        return new Endpoint(Kind.TCP, host, port, null, 0);
    }

    /** A Unix socket to which the owner and the group of its file may connect. */
    public static Endpoint unix(Path path) {
        return new Endpoint(
                Kind.UNIX, null, 0, Objects.requireNonNull(path, "unix(null): expected a path"), USUAL_MODE);
    }

    /**
     * The socket that listens and that the process was started with as file 0, as systemd's socket units do it
     * with {@code StandardInput=socket}. It has to be asked for: what stands at file 0 may be any socket.
     */
    public static Endpoint inherit() {
        return new Endpoint(Kind.INHERITED, null, 0, null, 0);
    }

    /**
     * The same place; if it is a Unix socket, one whose file has these permissions from the first instant. To connect,
     * permission to write is needed.
     *
     * @param permissions as {@code chmod} has them, from 0 to 0777
     */
    public Endpoint withMode(int permissions) {
        if (permissions < 0 || permissions > MOST_MODE) {
            throw new IllegalArgumentException("mode must be from 0 to 0777, not 0%o".formatted(permissions));
        }
        return new Endpoint(kind, host, port, path, kind == Kind.UNIX ? permissions : 0);
    }

    /** How it can be listened there. */
    public Kind kind() {
        return kind;
    }

    /** The host as it was asked for; null unless it is TCP. */
    public String host() {
        return host;
    }

    /** The port as it was asked for; 0 unless it is TCP. */
    public int port() {
        return port;
    }

    /** The file; null unless it is a Unix socket. */
    public Path path() {
        return path;
    }

    /** The permissions of the file, as {@code chmod} has them; zero unless it is a Unix socket. */
    public int mode() {
        return mode;
    }

    /** The address to bind. Looks up the name, which may take as long as the system's resolver takes. */
    public InetSocketAddress resolve() throws UnknownHostException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UnknownHostException("cannot listen on %s: there is no such host".formatted(this));
        }
        return address;
    }

    /** {@code 127.0.0.1:8888}, {@code [::1]:8888}, {@code unix:/run/server.sock}, {@code inherit}. */
    @Override
    public String toString() {
        return switch (kind) {
            case TCP -> (host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + port;
            case UNIX -> "unix:" + path;
            case INHERITED -> "inherit";
        };
    }
}
