package org.reactorserver.wire;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * What was agreed on by TLS. Immutable.
 *
 * @param protocol as {@code TLSv1.3}
 * @param cipherSuite its standard name, as {@code TLS_AES_128_GCM_SHA256}
 * @param peerCertificates the peer's certificate and those that vouch for it, its own one first; empty if the peer has
 *     shown none
 * @param serverName the server's name that the client has asked for (SNI, RFC 6066); null if it has asked for none
 * @param applicationProtocol what was agreed on by ALPN (RFC 7301); null if nothing
 */
public record TlsSession(
        String protocol,
        String cipherSuite,
        List<X509Certificate> peerCertificates,
        String serverName,
        String applicationProtocol) {
    private static final String NO_CIPHER = "SSL_NULL_WITH_NULL_NULL"; // as SSLEngine.getSession says

    /** Immutable whatever the list is. */
    public TlsSession {
        peerCertificates = List.copyOf(peerCertificates);
    }

    /** What an engine has agreed on; null if it has not yet. */
    static TlsSession of(SSLEngine engine) {
        SSLSession session = engine.getSession();
        if (NO_CIPHER.equals(session.getCipherSuite())) {
            return null;
        }
        String name = null;
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName each : extended.getRequestedServerNames()) {
                name = each instanceof SNIHostName host ? host.getAsciiName() : name;
            }
        }
        String agreed = engine.getApplicationProtocol();
        return new TlsSession(
                session.getProtocol(),
                session.getCipherSuite(),
                peerCertificates(session),
                name,
                agreed == null || agreed.isEmpty() ? null : agreed);
    }

    private static List<X509Certificate> peerCertificates(SSLSession session) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (var certificate : session.getPeerCertificates()) {
                chain.add((X509Certificate) certificate);
            }
        } catch (SSLPeerUnverifiedException e) {
            return List.of(); // it has shown none
        }
        return chain;
    }

    /** The peer's own certificate, whose owner it has proved to be; null if it has shown none. */
    public X509Certificate peerCertificate() {
        return peerCertificates.isEmpty() ? null : peerCertificates.get(0);
    }
}
