package org.reactorserver.helper;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the programs are that the tests start. */
public final class Programs {
    private static final Path JAVA_BIN = Path.of(System.getProperty("java.home"), "bin");

    private Programs() {}

    /** A program of the JDK. */
    public static String jdk(String name) {
        return JAVA_BIN.resolve(name).toString();
    }

    /** The packaged jar. */
    public static String jar() {
        String jar = System.getProperty("reactor.jar");
        if (jar == null || !Files.exists(Path.of(jar))) {
            throw new AssertionError("no packaged jar at -Dreactor.jar=" + jar);
        }
        return jar;
    }

    /** The classes of these tests. */
    public static String testClasses() {
        try {
            return Path.of(Programs.class
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
