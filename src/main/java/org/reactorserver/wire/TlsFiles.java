package org.reactorserver.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** What stood in files at one moment, each read once, and what it comes to. */
final class TlsFiles {
    private final Map<Path, byte[]> contents = new LinkedHashMap<>();

    /** Reads the files. */
    TlsFiles(Iterable<Path> files) throws TlsFileException {
        for (Path file : files) {
            try {
                contents.put(file, Files.readAllBytes(file));
            } catch (NoSuchFileException e) {
                throw new TlsFileException(file, "does not exist", e);
            } catch (AccessDeniedException e) {
                throw new TlsFileException(file, "may not be read by this user", e);
            } catch (IOException e) {
                throw new TlsFileException(file, "cannot be read: " + e.getMessage(), e);
            }
        }
    }

    /** Whether the same stood there. */
    boolean equal(TlsFiles other) {
        return contents.keySet().equals(other.contents.keySet())
                && contents.keySet().stream()
                        .allMatch(file -> Arrays.equals(contents.get(file), other.contents.get(file)));
    }

    /** A certificate, those that vouch for it, and its key. */
    Identity pem(Path chain, Path key) throws TlsFileException {
        List<X509Certificate> certificates = Pem.certificates(chain, contents.get(chain));
        Identity made = new Identity(certificates, Pem.key(key, contents.get(key)));
        if (!made.isOfOneKey()) {
            throw new TlsFileException(
                    key,
                    "is not the key of the first certificate in " + chain
                            + ", which must be the server's own, before those that vouch for it",
                    null);
        }
        return made;
    }

    /** Every key in a PKCS#12 file. */
    List<Identity> pkcs12(Path file, char[] password) throws TlsFileException {
        List<Identity> found = new ArrayList<>();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(contents.get(file)), password);
            for (String alias : Collections.list(store.aliases())) {
                Key key = store.getKey(alias, password);
                Certificate[] chain = store.getCertificateChain(alias);
                if (key instanceof PrivateKey privateKey && chain != null) {
                    List<X509Certificate> certificates = new ArrayList<>();
                    for (Certificate each : chain) {
                        certificates.add((X509Certificate) each);
                    }
                    found.add(new Identity(certificates, privateKey));
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new TlsFileException(file, "is no PKCS#12 file, or the password is wrong: " + e.getMessage(), e);
        }
        if (found.isEmpty()) {
            throw new TlsFileException(file, "has no private key with its certificate", null);
        }
        return found;
    }

    /** Trusts certificates signed by these. */
    TrustManager[] trust(Path file) throws TlsFileException {
        List<X509Certificate> authorities = Pem.certificates(file, contents.get(file));
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry(Integer.toString(i), authorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (IOException | GeneralSecurityException e) {
            throw new TlsFileException(file, "cannot be used to check certificates: " + e.getMessage(), e);
        }
    }
}
