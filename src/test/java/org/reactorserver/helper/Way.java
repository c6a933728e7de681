package org.reactorserver.helper;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import org.reactorserver.ReactorServer;
import org.reactorserver.wire.Endpoint;
import org.reactorserver.wire.Listen;
import org.reactorserver.wire.ProxyHeader;
import org.reactorserver.wire.Tls;

/** A way into a server: at what kind of endpoint, and what is spoken there before messages are. */
public enum Way {
    PLAIN,
    TLS_1_3,
    TLS_1_2,
    PROXY_V1,
    PROXY_V2,
    PROXY_TLS,
    UNIX,
    UNIX_TLS,
    UNIX_PROXY;

    /** The clients that proxies name. */
    public static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.7", 4_711);

    private static final InetSocketAddress DESTINATION = new InetSocketAddress("192.0.2.1", 443);
    private static final String HOST = "127.0.0.1";
    private static final String FILE = "s";

    /** Whether TLS is spoken. */
    public boolean isTls() {
        return protocol() != null;
    }

    /** Which TLS; null if none. */
    public String protocol() {
        return switch (this) {
            case TLS_1_3, PROXY_TLS, UNIX_TLS -> "TLSv1.3";
            case TLS_1_2 -> "TLSv1.2";
            default -> null;
        };
    }

    /** Whether it is over a Unix socket. */
    public boolean isUnix() {
        return this == UNIX || this == UNIX_TLS || this == UNIX_PROXY;
    }

    /** Whether a PROXY header comes first. */
    public boolean isProxied() {
        return header().length > 0;
    }

    /** Whether an end of the client's stream ends the server's too. */
    public boolean endsBothWays() {
        return this == TLS_1_2;
    }

    /** The PROXY header that comes first; empty if none does. */
    public byte[] header() {
        return switch (this) {
            case PROXY_V1 -> ProxyHeader.v1(CLIENT, DESTINATION);
            case PROXY_V2, PROXY_TLS, UNIX_PROXY -> ProxyHeader.v2(CLIENT, DESTINATION);
            default -> new byte[0];
        };
    }

    /** Opens it. */
    public ReactorServer.Builder open(ReactorServer.Builder builder, Path directory) {
        Endpoint endpoint = isUnix() ? Endpoint.unix(directory.resolve(FILE)) : Endpoint.tcp(HOST, 0);
        builder.listen(new Listen(endpoint, isTls(), isProxied()));
        return isTls() ? builder.tls(Tls.pem(TestKeys.certificate("server"), TestKeys.key("server"))) : builder;
    }

    /** Where the server is that has opened it. */
    public SocketAddress address(ReactorServer server, Path directory) {
        return isUnix() ? UnixDomainSocketAddress.of(directory.resolve(FILE)) : server.address();
    }

    /** A client that has connected, and done nothing else. */
    public Caller connect(ReactorServer server, Path directory) throws IOException {
        return new Caller(address(server, directory));
    }

    /** A client that has come in as it should. */
    public Caller enter(ReactorServer server, Path directory) throws IOException {
        Caller caller = connect(server, directory);
        if (isProxied()) {
            caller.send(header());
        }
        return isTls() ? caller.shakeHands(protocol()) : caller;
    }
}
