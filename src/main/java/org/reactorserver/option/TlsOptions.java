package org.reactorserver.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.reactorserver.wire.Tls;

/** What the options of TLS come to, together. */
final class TlsOptions {
    private TlsOptions() {}

    /** Null if they tell of none. What the files say is read later. */
    static Tls tls(Values values) {
        List<Path> certificates = values.get(Options.TLS_CERT);
        if (certificates == null) {
            refuseWithoutCertificate(values, Options.TLS_KEY);
            refuseWithoutCertificate(values, Options.TLS_CLIENT_CA);
            refuseWithoutCertificate(values, Options.TLS_PASSWORD_FILE);
            return null;
        }
        List<Path> keys = values.has(Options.TLS_KEY) ? values.get(Options.TLS_KEY) : List.of();
        long pems = certificates.stream().filter(each -> !isPkcs12(each)).count();
        if (pems > 0 && keys.isEmpty()) {
            throw OptionException.needs(
                    Options.TLS_CERT.name(),
                    Options.TLS_CERT.text(certificates),
                    Options.TLS_KEY.name(),
                    "the key of each PEM certificate");
        }
        if (pems != keys.size()) {
            throw OptionException.refused(
                    Options.TLS_KEY.name(),
                    Options.TLS_KEY.text(keys),
                    "a key for each PEM certificate, of which there are " + pems);
        }
        Tls tls = null;
        int key = 0;
        for (Path certificate : certificates) {
            if (isPkcs12(certificate)) {
                char[] password = password(values);
                tls = tls == null ? Tls.pkcs12(certificate, password) : tls.andPkcs12(certificate, password);
            } else {
                Path itsKey = keys.get(key++);
                tls = tls == null ? Tls.pem(certificate, itsKey) : tls.andPem(certificate, itsKey);
            }
        }
        return values.has(Options.TLS_CLIENT_CA) ? tls.clientCa(Path.of(values.get(Options.TLS_CLIENT_CA))) : tls;
    }

    private static <T> void refuseWithoutCertificate(Values values, Option<T> option) {
        if (values.has(option)) {
            throw OptionException.needs(
                    option.name(),
                    option.text(values.get(option)),
                    Options.TLS_CERT.name(),
                    "the server's certificate");
        }
    }

    private static boolean isPkcs12(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".p12") || name.endsWith(".pfx");
    }

    private static char[] password(Values values) {
        if (!values.has(Options.TLS_PASSWORD_FILE)) {
            return new char[0];
        }
        String file = values.get(Options.TLS_PASSWORD_FILE);
        try (var lines = Files.lines(Path.of(file))) {
            return lines.findFirst().orElse("").toCharArray();
        } catch (IOException e) {
            throw OptionException.refused(Options.TLS_PASSWORD_FILE.name(), file, "a file that can be read");
        }
    }
}
