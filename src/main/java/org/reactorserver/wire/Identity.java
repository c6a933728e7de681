package org.reactorserver.wire;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.reactorserver.text.Printable;

/** A certificate, its own one before those that vouch for it, and its key. Immutable. */
record Identity(List<X509Certificate> chain, PrivateKey key) {
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");
    private static final Duration SOON = Duration.ofDays(14);
    private static final int LAST_PART = 5;
    private static final int DNS_NAME = 2; // of a GeneralName, RFC 5280

    X509Certificate certificate() {
        return chain.get(0);
    }

    /** As the JDK names it: {@code EC}. */
    String keyType() {
        return certificate().getPublicKey().getAlgorithm();
    }

    /** Whether the key is the certificate's. Of a kind that this does not know the first handshake tells. */
    boolean isOfOneKey() {
        PublicKey publicKey = certificate().getPublicKey();
        String algorithm = SIGNATURES.get(keyType());
        if (algorithm == null) {
            return true;
        }
        try {
            byte[] text = {1, 2, 3};
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false; // a key of another kind
        }
    }

    /** The names of hosts that it is for, in lower case; {@code *.} may stand for one label (RFC 6125). */
    List<String> names() {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate().getSubjectAlternativeNames();
            for (List<?> each : all == null ? List.<List<?>>of() : all) {
                if (each.get(0).equals(DNS_NAME)) {
                    names.add(((String) each.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException e) {
            return List.of(); // it is the first one's if no other fits
        }
        return names;
    }

    /** Whether it is for this host, given in lower case. */
    boolean isFor(String host) {
        int dot = host.indexOf('.');
        String wildcard = dot < 0 ? null : "*" + host.substring(dot);
        return names().stream().anyMatch(name -> name.equals(host) || name.equals(wildcard));
    }

    /** What is wrong with its dates, as it goes on after the file's name; null if nothing is. */
    String untimely(Instant now) {
        for (X509Certificate each : chain) {
            String whose = whose(each);
            if (now.isAfter(each.getNotAfter().toInstant())) {
                return whose + "has expired on " + day(each.getNotAfter()) + "; clients will refuse it: renew it";
            }
            if (now.isBefore(each.getNotBefore().toInstant())) {
                return whose + "is not valid before " + day(each.getNotBefore())
                        + "; clients will refuse it until then: check the clock, or its dates";
            }
        }
        return null;
    }

    private String whose(X509Certificate each) {
        return each == certificate() ? "has a certificate that " : "has a certificate of an issuer that ";
    }

    /** That it will soon expire: in its last fifth, and within two weeks; null if it will not, or has. */
    String expiring(Instant now) {
        for (X509Certificate each : chain) {
            Instant end = each.getNotAfter().toInstant();
            Duration life = Duration.between(each.getNotBefore().toInstant(), end);
            Duration left = Duration.between(now, end);
            if (!left.isNegative() && left.compareTo(SOON) < 0 && left.compareTo(life.dividedBy(LAST_PART)) < 0) {
                return whose(each) + "expires on " + day(each.getNotAfter()) + ": renew it";
            }
        }
        return null;
    }

    /** Whose certificate it is and until when, for a person: {@code CN=example until 2036-01-31}. */
    String shown() {
        String subject = certificate().getSubjectX500Principal().getName();
        return Printable.escape(subject) + " until " + day(certificate().getNotAfter());
    }

    private static LocalDate day(Date date) {
        return LocalDate.ofInstant(date.toInstant(), ZoneOffset.UTC);
    }
}
