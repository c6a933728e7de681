package org.reactorserver.dial;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.reactorserver.ReactorServer;
import org.reactorserver.framing.Framing;
import org.reactorserver.helper.TestKeys;
import org.reactorserver.wire.ClientTls;
import org.reactorserver.wire.Endpoint;
import org.reactorserver.wire.Tls;

/** Ways to a server, each with a server of ours that is reached by it and no other. */
enum Way {
    PLAIN,
    TLS,
    MTLS,
    PROXY_V1,
    PROXY_V2,
    PROXY_V1_TLS,
    PROXY_V2_MTLS,
    UNIX,
    UNIX_TLS,
    UNIX_PROXY_V1_TLS,
    UNIX_PROXY_V2_MTLS;

    /** Of whom the header tells. */
    static final InetSocketAddress SOURCE = new InetSocketAddress("192.0.2.7", 4711);

    boolean isUnix() {
        return name().contains("UNIX");
    }

    boolean isTls() {
        return name().contains("TLS");
    }

    boolean isMutual() {
        return name().contains("MTLS");
    }

    boolean isProxied() {
        return name().contains("PROXY");
    }

    /** One that is started with this. */
    ReactorServer.Builder server(Path directory) {
        ReactorServer.Builder builder = ReactorServer.builder(Framing.lines()).proxyProtocol(isProxied());
        if (isUnix()) {
            builder.listen(Endpoint.unix(socket(directory)));
        } else {
            builder.port(0);
        }
        if (isTls()) {
            Tls keys = Tls.pem(TestKeys.certificate("server"), TestKeys.key("server"));
            builder.tls(isMutual() ? keys.clientCa(TestKeys.certificate("ca")) : keys);
        }
        return builder;
    }

    static Path socket(Path directory) {
        return directory.resolve("s");
    }

    /** How it is reached. */
    Route route(Path directory) throws IOException {
        return new Route(isUnix() ? socket(directory) : null, isTls() ? tls() : null, introduction());
    }

    private ClientTls tls() throws IOException {
        ClientTls.Builder tls = ClientTls.builder().cacert(TestKeys.certificate("ca"));
        return isMutual()
                ? tls.certificate(TestKeys.certificate("client"), TestKeys.key("client"))
                        .build()
                : tls.build();
    }

    private Introduction introduction() {
        return !isProxied()
                ? null
                : new Introduction(name().contains("V1") ? Introduction.Version.V1 : Introduction.Version.V2, SOURCE);
    }
}
