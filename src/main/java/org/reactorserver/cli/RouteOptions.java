package org.reactorserver.cli;

import static org.reactorserver.text.Log.LOG;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.reactorserver.dial.Introduction;
import org.reactorserver.dial.Introduction.Version;
import org.reactorserver.dial.Route;
import org.reactorserver.text.IpLiteral;
import org.reactorserver.wire.ClientTls;
import org.reactorserver.wire.TlsFileException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that say how clients reach a server, and what they come to. Named as curl and redis-cli have them. */
final class RouteOptions {
    private static final int HIGHEST_PORT = 65_535;

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    @Option(
            names = "--unix",
            paramLabel = "PATH",
            description = "Connect to this Unix socket. Default: to --host and --port")
    Path unix;

    @Option(names = "--tls", description = "Speak TLS.")
    boolean tls;

    @Option(
            names = "--cacert",
            paramLabel = "FILE",
            description =
                    "PEM file with the certificates of the authorities for the server's certificate. Default: those of"
                            + " the JDK")
    Path cacert;

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description = "PEM file with the certificate to show to a server that asks for one.")
    Path cert;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "PEM file with the key to it. Default: the file of --cert")
    Path key;

    @Option(
            names = "--sni",
            paramLabel = "NAME",
            description = "Ask for this name, which the server's certificate must be for. Default: that of --host, or"
                    + " localhost with --unix")
    String sni;

    @Option(
            names = "--insecure",
            description = "Accept any certificate of the server: no protection against an attacker on the network.")
    boolean insecure;

    @Option(
            names = "--proxy-header",
            paramLabel = "v1|v2",
            description = "Begin each connection with a PROXY header of this version, as a proxy does, before TLS.")
    String proxyHeader;

    @Option(
            names = "--proxy-source",
            paramLabel = "ADDR:PORT",
            description = "The client's address in that header. Default: the connection's own")
    String proxySource;

    /** Checks what was given, and reads the files. */
    Route route() throws IOException {
        if (!tls) {
            for (String option : List.of("--cacert", "--cert", "--key", "--sni", "--insecure")) {
                if (isTyped(option)) {
                    throw Usage.of(spec, option + " goes with --tls: give both, or neither");
                }
            }
        }
        return new Route(socket(), tls ? clientTls() : null, introduction());
    }

    private boolean isTyped(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    /** What is typed counts more than what stands in the environment. */
    private Path socket() {
        for (String option : List.of("--host", "--port")) {
            if (isTyped("--discover") && isTyped(option)) {
                LOG.warn("{} does nothing with --discover, which finds the server", option);
            }
        }
        for (String option : List.of("--host", "--port", "--discover")) {
            if (isTyped(option) && isTyped("--unix")) {
                throw Usage.of(spec, "--unix and " + option + " exclude each other; give one");
            } else if (isTyped(option)) {
                return null;
            }
        }
        if (unix != null && unix.toString().isEmpty()) {
            throw Usage.of(spec, "--unix", "'': expected a path");
        }
        return unix;
    }

    private ClientTls clientTls() throws IOException {
        if (isTyped("--key") && cert == null) {
            throw Usage.of(spec, "--key goes with --cert: give both, or neither");
        }
        ClientTls.Builder builder = ClientTls.builder();
        if (cacert != null) {
            builder.cacert(cacert);
        }
        if (cert != null) {
            builder.certificate(cert, key == null ? cert : key);
        }
        if (sni != null) {
            builder.serverName(sni);
        }
        if (insecure) {
            builder.insecure();
        }
        try {
            return builder.build();
        } catch (TlsFileException e) {
            throw Usage.of(spec, optionOf(e.file()), e.getMessage());
        }
    }

    private String optionOf(Path file) {
        return file.equals(cacert) ? "--cacert" : file.equals(key) ? "--key" : "--cert";
    }

    private Introduction introduction() {
        if (proxyHeader == null) {
            if (isTyped("--proxy-source")) {
                throw Usage.of(spec, "--proxy-source goes with --proxy-header: give both, or neither");
            }
            return null;
        }
        Version version = switch (proxyHeader) {
            case "v1" -> Version.V1;
            case "v2" -> Version.V2;
            default -> throw Usage.of(spec, "--proxy-header", "'" + proxyHeader + "': expected v1 or v2");
        };
        return new Introduction(version, proxySource == null ? null : source());
    }

    private InetSocketAddress source() {
        int colon = proxySource.lastIndexOf(':');
        String host = proxySource.substring(0, Math.max(colon, 0));
        boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        byte[] address = IpLiteral.bytes(isBracketed ? host.substring(1, host.length() - 1) : host);
        String port = proxySource.substring(colon + 1);
        boolean isPort = port.matches("\\d{1,5}") && Integer.parseInt(port) <= HIGHEST_PORT;
        if (address == null || !isPort || isBracketed != host.contains(":")) {
            throw Usage.of(
                    spec,
                    "--proxy-source",
                    "'" + proxySource
                            + "': expected an address and a port, as in 192.0.2.1:4711 or [2001:db8::1]:4711");
        }
        return new InetSocketAddress(IpLiteral.of(address), Integer.parseInt(port));
    }
}
