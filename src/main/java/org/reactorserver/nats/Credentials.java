package org.reactorserver.nats;

import io.nats.client.AuthHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A user's key, and the JWT that says what it is for. Signs by the JDK's Ed25519, so that jnats's own way, which needs
 * BouncyCastle, is not gone.
 */
final class Credentials implements AuthHandler {
    private static final Pattern SEED = Pattern.compile("\\bSU[A-Z2-7]{56}\\b");
    private static final Pattern JWT = Pattern.compile("\\beyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+");
    private static final int KEY_BYTES = 32;
    private static final int USER = 20 << 3; // the first five bits of a user's public key: U in base 32

    private final PrivateKey key;
    private final char[] id;
    private final char[] jwt; // null: there is none

    private Credentials(byte[] seed, String jwt) throws GeneralSecurityException {
        this.key = KeyFactory.getInstance("Ed25519")
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
        this.id = publicKey(seed).toCharArray();
        this.jwt = jwt == null ? null : jwt.toCharArray();
    }

    static Credentials read(Path file) throws IOException {
        String text = Files.readString(file);
        Matcher seed = SEED.matcher(text);
        if (!seed.find()) {
            throw new IOException(file + ": there is no seed of a user's key in it, 58 characters that begin with SU");
        }
        byte[] decoded = Base32.decode(seed.group());
        if (!Base32.hasChecksum(decoded)) {
            throw new IOException(file + ": the seed of the key is not as it was made: its checksum is wrong");
        }
        Matcher jwt = JWT.matcher(text);
        try {
            return new Credentials(Arrays.copyOfRange(decoded, 2, 2 + KEY_BYTES), jwt.find() ? jwt.group() : null);
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": the key in it cannot be used: " + e.getMessage(), e);
        }
    }

    /** The JDK makes a public key of a private one only together with it, from what it takes for chance. */
    private static String publicKey(byte[] seed) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(NamedParameterSpec.ED25519, new Given(seed));
        EdECPublicKey made = (EdECPublicKey) generator.generateKeyPair().getPublic();
        byte[] point =
                made.getPoint().getY().toByteArray(); // RFC 8032: y in little endian, the sign of x in the last bit
        byte[] key = new byte[1 + KEY_BYTES];
        key[0] = (byte) USER;
        for (int i = 0; i < Math.min(point.length, KEY_BYTES); i++) {
            key[1 + i] = point[point.length - 1 - i];
        }
        key[KEY_BYTES] |= (byte) (made.getPoint().isXOdd() ? 0x80 : 0);
        return Base32.encode(Base32.withChecksum(key));
    }

    /** No chance at all. */
    private static final class Given extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final byte[] bytes;

        Given(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public void nextBytes(byte[] into) {
            System.arraycopy(bytes, 0, into, 0, into.length);
        }
    }

    @Override
    public byte[] sign(byte[] nonce) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(nonce);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that could be read cannot sign", e);
        }
    }

    @Override
    public char[] getID() {
        return id.clone();
    }

    @Override
    public char[] getJWT() {
        return jwt == null ? null : jwt.clone();
    }
}
