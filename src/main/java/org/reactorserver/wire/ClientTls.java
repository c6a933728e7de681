package org.reactorserver.wire;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;

/** How clients speak TLS with a server. Immutable; any thread. */
public final class ClientTls {
    private final TlsContext context;
    private final Builder asked;

    private ClientTls(TlsContext context, Builder asked) {
        this.context = context;
        this.asked = asked;
    }

    /** Without further ado: the server must have a certificate for its name that the JDK trusts. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * For one connection.
     *
     * @param host the name or the address by which the server was asked for
     */
    public SSLEngine engine(String host, int port) {
        return context.client(asked.serverName == null ? host : asked.serverName, port, isChecked());
    }

    /** The file of the authorities for the server's certificate; null for those of the JDK. */
    public Path authorities() {
        return asked.authorities;
    }

    /** The file of this side's certificate; null if it has none. */
    public Path certificates() {
        return asked.certificates;
    }

    /** The file of the key to it; null if there is none. */
    public Path key() {
        return asked.key;
    }

    /** The name to ask for; null for the host's. */
    public String serverName() {
        return asked.serverName;
    }

    /** Whether not every server is trusted. */
    public boolean isChecked() {
        return !asked.insecure;
    }

    /** What is to be otherwise. One thread. */
    public static final class Builder {
        private Path authorities;
        private Path certificates;
        private Path key;
        private String serverName;
        private boolean insecure;
        private List<String> alpn = List.of();

        private Builder() {}

        private Builder(Builder other) {
            this.authorities = other.authorities;
            this.certificates = other.certificates;
            this.key = other.key;
            this.serverName = other.serverName;
            this.insecure = other.insecure;
            this.alpn = other.alpn;
        }

        /** Trusts servers whose certificates are signed by those in this PEM file, and no others. */
        public Builder cacert(Path authorities) {
            this.authorities = authorities;
            return this;
        }

        /** Shows the server a certificate if it asks for one; PEM files, as {@link Tls#pem}. */
        public Builder certificate(Path chain, Path key) {
            this.certificates = chain;
            this.key = key;
            return this;
        }

        /** Asks for this name, and has the certificate checked for it, instead of the host's. */
        public Builder serverName(String name) {
            this.serverName = name;
            return this;
        }

        /** Trusts every server: this is no protection against an attacker on the network. */
        public Builder insecure() {
            this.insecure = true;
            return this;
        }

        /** The protocols to offer, the preferred one first (ALPN). */
        public Builder alpn(String... protocols) {
            this.alpn = List.of(protocols);
            return this;
        }

        /**
         * Reads the files.
         *
         * @throws TlsFileException if one cannot be used
         */
        public ClientTls build() throws IOException {
            Set<Path> paths = new LinkedHashSet<>();
            for (Path each : new Path[] {authorities, certificates, key}) {
                if (each != null) {
                    paths.add(each);
                }
            }
            TlsFiles files = new TlsFiles(paths);
            Identities identities = certificates == null ? null : new Identities(List.of(files.pem(certificates, key)));
            TrustManager[] trusted = insecure
                    ? new TrustManager[] {new TrustAll()}
                    : authorities == null ? null : files.trust(authorities);
            TlsContext context = new TlsContext(TlsContext.jdk(identities, trusted), alpn);
            return new ClientTls(context, new Builder(this));
        }
    }
}
