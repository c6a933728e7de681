package org.reactorserver.helper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Clients by the JDK's sockets who trust the tests' authority, whatever the name in the certificate is. Any thread. */
public final class TlsClients {
    private final SSLContext context;

    public TlsClients() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var in = Files.newInputStream(TestKeys.certificate("ca"))) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
    }

    /**
     * Connects, shakes hands, asks once and hangs up. Returns whose certificate the server has shown.
     *
     * @param name a client that connects again by the same name resumes its session
     * @throws IOException if any of it fails, or the answer is wrong
     */
    public String visit(int port, String name) throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        plain.setTcpNoDelay(true);
        plain.setSoTimeout((int) ChildProcess.PATIENCE.toMillis());
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, name, port, true)) {
            byte[] question = "good\n".getBytes(StandardCharsets.UTF_8);
            socket.getOutputStream().write(question);
            String answer = new String(socket.getInputStream().readNBytes(question.length), StandardCharsets.UTF_8);
            if (!answer.equals("good\n")) {
                throw new IOException("no reply: '" + answer + "'");
            }
            X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return shown.getSubjectX500Principal().getName();
        }
    }
}
