package org.reactorserver.wire;

import java.security.cert.X509Certificate;
import java.util.List;

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

    /** Immutable whatever the list is. */
    public TlsSession {
        peerCertificates = List.copyOf(peerCertificates);
    }

    /** The peer's own certificate, whose owner it has proved to be; null if it has shown none. */
    public X509Certificate peerCertificate() {
        return peerCertificates.isEmpty() ? null : peerCertificates.get(0);
    }
}
