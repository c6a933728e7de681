package org.reactorserver.dial;

import java.io.EOFException;
import java.net.ConnectException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Locale;
import org.reactorserver.wire.ClientTls;
import org.reactorserver.wire.TlsException;

/** Says in one line why a server cannot be spoken with, and which option of the command line helps. */
final class Remedy {
    /** What a server says to a client that has shown no certificate (RFC 8446, 6.2; the last two: of TLS 1.2). */
    private static final List<String> NO_CERTIFICATE =
            List.of("certificate_required", "bad_certificate", "handshake_failure");

    /** What it says to one that has shown the wrong one. */
    private static final List<String> WRONG_CERTIFICATE = List.of(
            "bad_certificate",
            "unsupported_certificate",
            "certificate_revoked",
            "certificate_expired",
            "certificate_unknown",
            "unknown_ca",
            "access_denied");

    private Remedy() {}

    static String text(Exception failure, Dialer dialer, boolean isShakingHands) {
        String what = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        what = what.endsWith(".") ? what.substring(0, what.length() - 1) : what;
        ClientTls tls = dialer.route.tls();
        if (failure instanceof TlsException ours) {
            return ours.kind() == TlsException.Kind.NOT_TLS
                    ? "what the server sends is not TLS: leave out --tls, or give the port at which it speaks TLS"
                    : ofTls(ours, what, tls);
        } else if (isShakingHands) {
            String happened = failure instanceof EOFException ? what : what + " during the TLS handshake";
            return happened + ": is it TLS that it speaks there"
                    + (tls.certificates() == null ? ", and does it demand a certificate, --cert and --key?" : "?");
        } else if (dialer.isUnix()) {
            return ofUnixSocket(failure, what, dialer.route.unix() + " (--unix)");
        }
        return failure instanceof ConnectException ? what.toLowerCase(Locale.ROOT) : what;
    }

    private static String ofTls(TlsException failure, String what, ClientTls tls) {
        if (hasCause(failure, CertificateExpiredException.class)
                || hasCause(failure, CertificateNotYetValidException.class)) {
            return what + ": the server's certificate is not valid today; --insecure takes it nevertheless";
        } else if (hasCause(failure, CertPathBuilderException.class)
                || hasCause(failure, CertPathValidatorException.class)) {
            String trusted = tls.authorities() == null ? "the JDK trusts" : "is in " + tls.authorities();
            return "the server's certificate is signed by no authority that " + trusted
                    + ": give a file with its authority's certificate by --cacert; --insecure takes any";
        } else if (hasCause(failure, CertificateException.class)) {
            return what + ": ask for a name that the server's certificate is for by --sni; --insecure takes any";
        } else if (tls.certificates() == null && says(what, NO_CERTIFICATE)) {
            return what + ": the server demands a certificate, give one by --cert and --key";
        } else if (tls.certificates() != null && says(what, WRONG_CERTIFICATE)) {
            return what + ": the server does not accept " + tls.certificates() + " (--cert)";
        } else if (says(what, List.of("unrecognized_name"))) {
            return what + ": ask for a name that the server has by --sni";
        }
        return what;
    }

    private static boolean hasCause(Throwable failure, Class<? extends Exception> kind) {
        Throwable each = failure;
        while (each != null && !kind.isInstance(each)) {
            each = each.getCause();
        }
        return each != null;
    }

    private static boolean says(String what, List<String> alerts) {
        return alerts.stream().anyMatch(alert -> what.contains("alert: " + alert));
    }

    private static String ofUnixSocket(Exception failure, String what, String place) {
        if (failure instanceof ConnectException) {
            return "connection refused: no process listens at " + place;
        } else if (what.contains("No such file")) {
            return "there is no socket " + place;
        } else if (what.contains("Permission denied")) {
            return "this user may not connect to " + place + ": that takes permission to write to it";
        }
        return what + ": " + place;
    }
}
