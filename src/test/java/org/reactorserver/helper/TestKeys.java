package org.reactorserver.helper;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** The keys and certificates that the tests use, made by {@code make.sh} beside them. */
public final class TestKeys {
    /** What protects those that are protected. */
    public static final String PASSWORD = "secret";

    private TestKeys() {}

    /** Where a file of that name is. */
    public static Path file(String name) {
        try {
            return Path.of(TestKeys.class.getResource("/tls/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The certificate of that name. */
    public static Path certificate(String name) {
        return file(name + ".pem");
    }

    /** The key to it. */
    public static Path key(String name) {
        return file(name + ".key");
    }
}
