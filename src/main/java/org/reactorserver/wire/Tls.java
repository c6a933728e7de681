package org.reactorserver.wire;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * The keys of a TLS server, and which clients it accepts: TLS 1.3, or 1.2 with ECDHE and AEAD. Immutable; any thread.
 * Files are not read before the server starts, and again when it is asked to reload.
 */
public final class Tls {
    /** Where keys are. */
    private record Source(Path certificates, Path key, char[] password) {
        boolean isPkcs12() {
            return key == null;
        }

        List<Identity> identities(TlsFiles files) throws TlsFileException {
            return isPkcs12() ? files.pkcs12(certificates, password) : List.of(files.pem(certificates, key));
        }
    }

    /** A certificate, its key, and the file that they are from. */
    private record Found(Path file, Identity identity) {}

    /** What files come to. */
    record Loaded(TlsContext context, List<Found> found) {
        /** The hosts that there are certificates for. */
        List<String> names() {
            return found.stream()
                    .flatMap(each -> each.identity.names().stream())
                    .toList();
        }

        /** The certificates, for a person. */
        List<String> shown() {
            return found.stream().map(each -> each.identity.shown()).toList();
        }

        /** What is wrong with their dates at this time, a line each. */
        List<String> untimely(Instant now) {
            return lines(now, Identity::untimely);
        }

        /** Which of them will soon have expired, a line each. */
        List<String> expiring(Instant now) {
            return lines(now, Identity::expiring);
        }

        private List<String> lines(Instant now, BiFunction<Identity, Instant, String> fault) {
            return found.stream()
                    .filter(each -> fault.apply(each.identity, now) != null)
                    .map(each -> each.file + " " + fault.apply(each.identity, now))
                    .toList();
        }
    }

    private final List<Source> sources;
    private final Supplier<SSLContext> contexts; // null: of the sources
    private final Path clientCa; // null: the context's trust
    private final boolean demandsClient;
    private final List<String> alpn;

    private Tls(
            List<Source> sources,
            Supplier<SSLContext> contexts,
            Path clientCa,
            boolean demandsClient,
            List<String> alpn) {
        this.sources = sources;
        this.contexts = contexts;
        this.clientCa = clientCa;
        this.demandsClient = demandsClient;
        this.alpn = alpn;
    }

    /**
     * A certificate and its key in PEM files, or in one.
     *
     * @param certificateChain the server's certificate, and behind it those that vouch for it, but for the root
     * @param key PKCS#8, without a password: RSA, EC or Ed25519
     */
    public static Tls pem(Path certificateChain, Path key) {
        return new Tls(
                List.of(new Source(certificateChain, Objects.requireNonNull(key), null)), null, null, false, List.of());
    }

    /** A PKCS#12 file with at least one key; with several, the client's wish decides. */
    public static Tls pkcs12(Path file, char[] password) {
        return new Tls(List.of(new Source(file, null, password.clone())), null, null, false, List.of());
    }

    /** Whatever makes engines, as Conscrypt or a FIPS provider. Its keys and its trust are its own. */
    public static Tls of(SSLContext context) {
        Objects.requireNonNull(context, "of(null): expected an SSLContext");
        return of(() -> context);
    }

    /**
     * The same, asked anew for each connection, on the loop's thread: it is to return at once what it has, and may
     * return another one when keys were renewed. If it throws, that connection is closed.
     */
    public static Tls of(Supplier<SSLContext> contexts) {
        return new Tls(List.of(), Objects.requireNonNull(contexts), null, false, List.of());
    }

    /**
     * One more certificate. Of several the one is shown that is for the name that the client asks for (SNI); if it
     * asks for none, or none is for it, the first one.
     *
     * @throws IllegalStateException if the keys are an SSLContext's
     */
    public Tls andPem(Path certificateChain, Path key) {
        return and(new Source(certificateChain, Objects.requireNonNull(key), null));
    }

    /** The same, by a PKCS#12 file. */
    public Tls andPkcs12(Path file, char[] password) {
        return and(new Source(file, null, password.clone()));
    }

    private Tls and(Source source) {
        requireFiles();
        List<Source> more = new ArrayList<>(sources);
        more.add(source);
        return new Tls(List.copyOf(more), null, clientCa, demandsClient, alpn);
    }

    /**
     * A client must show a certificate for which one of these vouches (mTLS), or the handshake fails.
     *
     * @param authorities a PEM file with one certificate or several
     * @throws IllegalStateException if the trust is an SSLContext's
     */
    public Tls clientCa(Path authorities) {
        requireFiles();
        return new Tls(sources, null, Objects.requireNonNull(authorities), true, alpn);
    }

    /** A client must show a certificate that the SSLContext trusts, or the handshake fails. */
    public Tls demandClientCertificate() {
        return new Tls(sources, contexts, clientCa, true, alpn);
    }

    private void requireFiles() {
        if (contexts != null) {
            throw new IllegalStateException("an SSLContext has its own keys and its own trust");
        }
    }

    /**
     * The application's protocols, the preferred one first (ALPN, RFC 7301). A client that names others only is
     * refused, one that names none is not.
     */
    public Tls alpn(String... protocols) {
        return new Tls(sources, contexts, clientCa, demandsClient, List.of(protocols));
    }

    boolean demandsClient() {
        return demandsClient;
    }

    List<String> alpn() {
        return alpn;
    }

    /** What is asked for an SSLContext; null if there are files. */
    Supplier<SSLContext> contexts() {
        return contexts;
    }

    /** The files, as they are now. */
    TlsFiles read() throws TlsFileException {
        Set<Path> files = new LinkedHashSet<>();
        for (Source source : sources) {
            files.add(source.certificates);
            if (!source.isPkcs12()) {
                files.add(source.key);
            }
        }
        if (clientCa != null) {
            files.add(clientCa);
        }
        return new TlsFiles(files);
    }

    Loaded load(TlsFiles files) throws IOException {
        List<Found> found = new ArrayList<>();
        for (Source source : sources) {
            for (Identity identity : source.identities(files)) {
                found.add(new Found(source.certificates, identity));
            }
        }
        TrustManager[] trusted = clientCa == null ? new TrustManager[0] : files.trust(clientCa);
        List<Identity> identities = found.stream().map(Found::identity).toList();
        SSLContext context = TlsContext.jdk(new Identities(identities), trusted);
        return new Loaded(new TlsContext(context, alpn), List.copyOf(found));
    }
}
