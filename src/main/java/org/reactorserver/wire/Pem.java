package org.reactorserver.wire;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys as text (RFC 7468), as far as the JDK can read them. */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

    private record Block(String label, byte[] content) {}

    private Pem() {}

    /** All of them, in their order. */
    static List<X509Certificate> certificates(Path file, byte[] content) throws TlsFileException {
        List<X509Certificate> found = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : blocks(file, content)) {
                if (block.label.equals("CERTIFICATE")) {
                    found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.content)));
                }
            }
        } catch (CertificateException e) {
            throw new TlsFileException(file, "has a certificate that cannot be read: " + e.getMessage(), e);
        }
        if (found.isEmpty()) {
            throw new TlsFileException(
                    file, "has no certificate; a PEM file with -----BEGIN CERTIFICATE----- is expected", null);
        }
        return found;
    }

    /** The first private key. */
    static PrivateKey key(Path file, byte[] content) throws TlsFileException {
        for (Block block : blocks(file, content)) {
            if (block.label.equals("PRIVATE KEY")) {
                return pkcs8(file, block.content);
            }
            if (block.label.endsWith("PRIVATE KEY")) {
                String what = block.label.startsWith("ENCRYPTED") ? "an encrypted key" : "a key of an older format";
                throw new TlsFileException(
                        file,
                        "has %s (%s), and PKCS#8 without a password is expected; convert it: %s"
                                .formatted(what, block.label, conversion(file)),
                        null);
            }
        }
        throw new TlsFileException(
                file, "has no private key; a PEM file with -----BEGIN PRIVATE KEY----- is expected", null);
    }

    private static String conversion(Path file) {
        return "openssl pkcs8 -topk8 -nocrypt -in %s -out %s.pkcs8".formatted(file, file);
    }

    private static PrivateKey pkcs8(Path file, byte[] content) throws TlsFileException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(content));
            } catch (GeneralSecurityException e) {
                continue; // of another algorithm, or broken
            }
        }
        throw new TlsFileException(file, "has a private key that is neither RSA, EC nor Ed25519, or is broken", null);
    }

    private static List<Block> blocks(Path file, byte[] content) throws TlsFileException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(new String(content, StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            boolean isReadable = !matcher.group(2).contains(":"); // headers tell of an encrypted one
            try {
                byte[] decoded = isReadable ? Base64.getMimeDecoder().decode(matcher.group(2)) : new byte[0];
                blocks.add(new Block(matcher.group(1), decoded));
            } catch (IllegalArgumentException e) {
                throw new TlsFileException(file, "is no readable PEM: " + e.getMessage(), e);
            }
        }
        return blocks;
    }
}
