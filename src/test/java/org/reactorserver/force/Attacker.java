package org.reactorserver.force;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** What is done to the server from another process. */
final class Attacker {
    private Attacker() {}

    /** Where these classes are. */
    static String classes() {
        try {
            return Path.of(Attacker.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
