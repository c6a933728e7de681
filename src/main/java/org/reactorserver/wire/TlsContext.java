package org.reactorserver.wire;

import java.security.GeneralSecurityException;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * Makes engines that speak TLS 1.3, or 1.2 with keys that are new for each connection and ciphers that authenticate
 * what they encrypt (RFC 9325), and nothing older. Immutable.
 */
final class TlsContext {
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** Sessions to be resumed that a server keeps for clients that cannot keep them themselves (RFC 5077). */
    private static final int MOST_SESSIONS = 1_024;

    private final SSLContext context;
    private final SSLParameters parameters;

    /**
     * For engines that other code makes.
     *
     * @param alpn the application's protocols (RFC 7301), the preferred one first; none: nothing is negotiated
     * @throws SSLException if it has none of the protocols and ciphers
     */
    TlsContext(SSLContext context, List<String> alpn) throws SSLException {
        this.context = context;
        this.parameters = context.getDefaultSSLParameters();
        parameters.setProtocols(ofThese(parameters.getProtocols(), "protocol", PROTOCOLS::contains));
        parameters.setCipherSuites(ofThese(parameters.getCipherSuites(), "cipher suite", TlsContext::isStrong));
        parameters.setApplicationProtocols(alpn.toArray(String[]::new));
    }

    /** Of the JDK's engines; null for its own keys, which are none, or for its own trust. */
    static SSLContext jdk(KeyManager keys, TrustManager... trusted) throws SSLException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys == null ? null : new KeyManager[] {keys}, trusted, null);
            context.getServerSessionContext().setSessionCacheSize(MOST_SESSIONS);
            return context;
        } catch (GeneralSecurityException e) {
            throw new SSLException("this JDK has no TLS: " + e.getMessage(), e);
        }
    }

    private static String[] ofThese(String[] all, String what, Predicate<String> wanted) throws SSLException {
        String[] left = Stream.of(all).filter(wanted).toArray(String[]::new);
        if (left.length == 0) {
            throw new SSLException(
                    "the SSLContext has no %s that is wanted: TLS 1.3, or TLS 1.2 with ECDHE and AEAD".formatted(what));
        }
        return left;
    }

    static boolean isStrong(String suite) {
        boolean isAead = suite.contains("_GCM_") || suite.contains("_CHACHA20_POLY1305_");
        return isAead && (suite.startsWith("TLS_ECDHE_") || !suite.contains("_WITH_")); // TLS 1.3 has no WITH
    }

    /** What is spoken, the preferred one first. */
    List<String> protocols() {
        return List.of(parameters.getProtocols());
    }

    SSLContext context() {
        return context;
    }

    SSLEngine server(boolean demandsClientCertificate) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(parameters);
        if (demandsClientCertificate) {
            engine.setNeedClientAuth(true); // the parameters may demand it already
        }
        return engine;
    }

    /**
     * For one connection to a host.
     *
     * @param name the name to ask for, which the certificate must be for if it is checked; an address, or a name
     */
    SSLEngine client(String name, int port, boolean isChecked) {
        SSLEngine engine = context.createSSLEngine(name, port);
        engine.setUseClientMode(true);
        SSLParameters own = engine.getSSLParameters();
        own.setProtocols(parameters.getProtocols());
        own.setCipherSuites(parameters.getCipherSuites());
        own.setApplicationProtocols(parameters.getApplicationProtocols());
        own.setEndpointIdentificationAlgorithm(isChecked ? "HTTPS" : "");
        if (isName(name)) {
            own.setServerNames(List.of(new SNIHostName(name)));
        }
        engine.setSSLParameters(own);
        return engine;
    }

    /** An address is not sent as a name (RFC 6066, 3). */
    private static boolean isName(String host) {
        boolean isAddress = host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
        if (isAddress) {
            return false;
        }
        try {
            new SNIHostName(host);
            return true;
        } catch (IllegalArgumentException e) {
            return false; // as with an underscore
        }
    }
}
