package org.reactorserver.helper;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.reactorserver.ReactorServer;

/** Where the programs are that the tests start. */
public final class Programs {
    private static final Path JAVA_BIN = Path.of(System.getProperty("java.home"), "bin");

    private Programs() {}

    /** A program of the JDK. */
    public static String jdk(String name) {
        return JAVA_BIN.resolve(name).toString();
    }

    /** The self-contained jar. */
    public static String jar() {
        return packaged("reactor.jar");
    }

    /** The library's jar. */
    public static String library() {
        return packaged("library.jar");
    }

    /** The jar with this classifier, which is published with the library. */
    public static String publishedBeside(String classifier) {
        return library().replaceFirst("\\.jar$", "-" + classifier + ".jar");
    }

    private static String packaged(String property) {
        String jar = System.getProperty(property);
        if (jar == null || !Files.exists(Path.of(jar))) {
            throw new AssertionError("no packaged jar at -D" + property + "=" + jar);
        }
        return jar;
    }

    /** The classes of these tests. */
    public static String testClasses() {
        return jarOf(Programs.class);
    }

    /** The classes of which the jars are made. */
    public static Path mainClasses() {
        return Path.of(jarOf(ReactorServer.class));
    }

    /** The jar, or the directory, that this class was loaded from. */
    public static String jarOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
