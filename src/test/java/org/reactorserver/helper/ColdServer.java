package org.reactorserver.helper;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.reactorserver.ReactorServer;
import org.reactorserver.framing.Framing;
import org.reactorserver.wire.Endpoint;
import org.reactorserver.wire.Listen;
import org.reactorserver.wire.Tls;

/**
 * A program of its own: a server that echoes lines, in clear at one port and over TLS at another one. It prints where
 * ({@code plain=PORT}, {@code tls=PORT}), and each thread on which a handshake has asked for the key ({@code
 * handshake=THREAD}), once.
 */
public final class ColdServer {
    private static final Endpoint ANY_PORT = Endpoint.tcp("127.0.0.1", 0);

    private ColdServer() {}

    /** Serves until it is killed. */
    public static void main(String[] args) throws Exception {
        Witness witness = new Witness();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {witness}, null, null);
        ReactorServer server = ReactorServer.builder(Framing.lines())
                .listen(ANY_PORT)
                .listen(new Listen(ANY_PORT, true, false))
                .tls(Tls.of(context))
                .workers(2)
                .handler((session, message) -> session.send(message))
                .start();
        witness.isWatching = true; // from here on it is clients who shake hands
        System.out.println("plain=" + port(server.listening().get(0)));
        System.out.println("tls=" + port(server.listening().get(1)));
    }

    private static String port(String place) {
        return place.replaceFirst(".*:([0-9]+).*", "$1");
    }

    private static final class Witness extends X509ExtendedKeyManager {
        private final X509ExtendedKeyManager keys;
        private final Set<String> threads = ConcurrentHashMap.newKeySet();
        private volatile boolean isWatching;

        Witness() throws IOException, GeneralSecurityException {
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (var in = Files.newInputStream(TestKeys.file("server.p12"))) {
                store.load(in, TestKeys.PASSWORD.toCharArray());
            }
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, TestKeys.PASSWORD.toCharArray());
            keys = (X509ExtendedKeyManager) factory.getKeyManagers()[0];
        }

        private void see() {
            String thread = Thread.currentThread().getName();
            if (isWatching && threads.add(thread)) {
                System.out.println("handshake=" + thread);
            }
        }

        @Override
        public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            see();
            return keys.chooseEngineServerAlias(keyType, issuers, engine);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            see();
            return keys.getPrivateKey(alias);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return keys.getCertificateChain(alias);
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return keys.getClientAliases(keyType, issuers);
        }

        @Override
        public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            return keys.chooseClientAlias(keyType, issuers, socket);
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return keys.getServerAliases(keyType, issuers);
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return keys.chooseServerAlias(keyType, issuers, socket);
        }
    }
}
