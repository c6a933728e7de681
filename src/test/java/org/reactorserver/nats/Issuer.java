package org.reactorserver.nats;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;

/** A key as NATS has them, and the JWTs that it signs: what nsc makes for an operator, an account and a user. */
final class Issuer {
    /** Whose a key is: the first five bits of what is written. */
    enum Role {
        OPERATOR('O'),
        ACCOUNT('A'),
        USER('U');

        private final int prefix;

        Role(char letter) {
            prefix = (letter - 'A') << 3;
        }
    }

    private static final int KEY_BYTES = 32;
    private static final int SEED = ('S' - 'A') << 3;

    private final Role role;
    private final KeyPair keys;

    Issuer(Role role) throws GeneralSecurityException {
        this.role = role;
        this.keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    /** The last bytes of the JDK's encodings are the keys themselves (RFC 8410). */
    private static byte[] key(byte... encoded) {
        return Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length);
    }

    String name() {
        byte[] named = new byte[1 + KEY_BYTES];
        named[0] = (byte) role.prefix;
        System.arraycopy(key(keys.getPublic().getEncoded()), 0, named, 1, KEY_BYTES);
        return Base32.encode(Base32.withChecksum(named));
    }

    private String seed() {
        byte[] prefixed = new byte[2 + KEY_BYTES];
        prefixed[0] = (byte) (SEED | role.prefix >> 5);
        prefixed[1] = (byte) (role.prefix << 3);
        System.arraycopy(key(keys.getPrivate().getEncoded()), 0, prefixed, 2, KEY_BYTES);
        return Base32.encode(Base32.withChecksum(prefixed));
    }

    /** Says what this one may do, by this issuer; the limits are in JSON, empty for none. */
    String jwtOf(Issuer subject, String limits) throws GeneralSecurityException {
        String claims = ("{%%s\"iat\":1700000000,\"iss\":\"%s\",\"name\":\"test\",\"sub\":\"%s\","
                        + "\"nats\":{%s\"type\":\"%s\",\"version\":2}}")
                .formatted(name(), subject.name(), limits, subject.role.name().toLowerCase(Locale.ROOT));
        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest(claims.formatted("").getBytes(StandardCharsets.UTF_8));
        String id = Base32.encode(hash);
        String body = base64("{\"typ\":\"JWT\",\"alg\":\"ed25519-nkey\"}") + "."
                + base64(claims.formatted("\"jti\":\"" + id + "\","));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(keys.getPrivate());
        signature.update(body.getBytes(StandardCharsets.UTF_8));
        return body + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A file of credentials for this user, as nsc writes it. */
    String credentials(String jwt) {
        return """
                -----BEGIN NATS USER JWT-----
                %s
                ------END NATS USER JWT------

                ************************* IMPORTANT *************************
                NKEY Seed printed below can be used to sign and prove identity.

                -----BEGIN USER NKEY SEED-----
                %s
                ------END USER NKEY SEED------
                """.formatted(jwt, seed());
    }
}
