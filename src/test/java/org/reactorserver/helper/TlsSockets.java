package org.reactorserver.helper;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Clients that speak TLS by the JDK's sockets, and trust the authority of {@link TestKeys}. */
public final class TlsSockets {
    private TlsSockets() {}

    /** Connected to this port of this machine; the handshake comes with the first use. */
    public static SSLSocket trustful(int port) throws IOException {
        return connect(port, null);
    }

    /** The same, with a certificate of {@link TestKeys} whose key is an EC one. */
    public static SSLSocket withCertificate(int port, String name) throws IOException {
        return connect(port, name);
    }

    /** What trusts this authority's certificates and nobody else's. */
    public static SSLContext trusting(Path authority) throws IOException {
        try (var in = Files.newInputStream(authority)) {
            KeyStore authorities = emptyStore();
            authorities.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What shows this certificate of {@link TestKeys}, whose key is an EC one, and trusts nobody. */
    public static SSLContext showing(String name) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(name), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SSLSocket connect(int port, String name) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            KeyStore authorities = emptyStore();
            authorities.setCertificateEntry("ca", certificate("ca"));
            trust.init(authorities);
            context.init(name == null ? null : keys(name), trust.getTrustManagers(), null);
            SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout((int) ChildProcess.PATIENCE.toMillis());
            return socket;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyManager[] keys(String name) throws GeneralSecurityException, IOException {
        String base64 = Files.readString(TestKeys.key(name)).replaceAll("-----.*-----", "");
        PrivateKey key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
        KeyStore own = emptyStore();
        own.setKeyEntry("own", key, new char[0], new Certificate[] {certificate(name)});
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(own, new char[0]);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static Certificate certificate(String name) throws GeneralSecurityException, IOException {
        try (var in = Files.newInputStream(TestKeys.certificate(name))) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
