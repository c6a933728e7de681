package org.reactorserver.cli;

/** Which version this is. */
final class Version {
    private Version() {}

    /** The number; of classes that stand in no jar, that they do not. */
    static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }

    /** What {@code --version} prints. */
    static String line() {
        return "reactor-server " + number();
    }
}
