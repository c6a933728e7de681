package org.reactorserver.cli;

import picocli.CommandLine.Option;

/** The option that every command has: more log lines, and stack traces. */
final class Verbosity {
    private static final String LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    @Option(
            names = {"-v", "--verbose"},
            description = "Log more, and show stack traces.")
    void setVerbose(boolean verbose) {
        if (verbose) {
            System.setProperty(LEVEL, "debug"); // read when the first logger is made, which is later
        }
    }

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    /** Has nothing logged but what is wrong, unless more was asked for; before the first logger is made. */
    static void onlyWarnings() {
        if (!isVerbose()) {
            System.setProperty(LEVEL, "warn");
        }
    }

    static boolean isVerbose() {
        return "debug".equals(System.getProperty(LEVEL));
    }
}
