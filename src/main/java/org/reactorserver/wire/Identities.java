package org.reactorserver.wire;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Chooses among several certificates by the name that the client asks for (RFC 6066). If it is for none of them, or
 * the client asks for none, it is the first one, or one for the same names whose key is of a kind that the client
 * knows. An alias is a number. Immutable.
 */
final class Identities extends X509ExtendedKeyManager {
    private final List<Identity> all;

    Identities(List<Identity> all) {
        this.all = List.copyOf(all);
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        String host = requestedHost(engine);
        boolean isKnown = host != null && all.stream().anyMatch(each -> each.isFor(host));
        return alias(
                keyType,
                IntStream.range(0, all.size())
                        .filter(i -> isKnown ? all.get(i).isFor(host) : isLikeTheFirst(all.get(i))));
    }

    private boolean isLikeTheFirst(Identity identity) {
        Identity first = all.get(0);
        return identity == first
                || (!first.names().isEmpty() && identity.names().equals(first.names()));
    }

    private static String requestedHost(SSLEngine engine) {
        if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName name : session.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName().toLowerCase(Locale.ROOT);
                }
            }
        }
        return null;
    }

    private String alias(String keyType, IntStream candidates) {
        return candidates
                .filter(i -> all.get(i).keyType().equals(keyType))
                .mapToObj(Integer::toString)
                .findFirst()
                .orElse(null);
    }

    /** A client shows the certificate it has, whichever authorities the server names. */
    @Override
    public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return Stream.of(keyTypes)
                .flatMap(keyType -> Arrays.stream(getClientAliases(keyType, issuers)))
                .findFirst()
                .orElse(null);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return all.get(Integer.parseInt(alias)).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return all.get(Integer.parseInt(alias)).key();
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return IntStream.range(0, all.size())
                .filter(i -> all.get(i).keyType().equals(keyType))
                .mapToObj(Integer::toString)
                .toArray(String[]::new);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return getClientAliases(keyType, issuers);
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return chooseEngineClientAlias(keyTypes, issuers, null);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return alias(keyType, IntStream.range(0, all.size()));
    }
}
