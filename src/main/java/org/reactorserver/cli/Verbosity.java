package org.reactorserver.cli;

import picocli.CommandLine.Option;

/** The options that every command has. */
final class Verbosity {
    /** Shows all options, where {@code --help} shows the everyday ones. */
    static final String HELP_ALL = "--help-all";

    static final String VERBOSE_MEANING = "Log more, and show stack traces.";

    private static final String LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    @Option(
            names = {"-v", "--verbose"},
            description = VERBOSE_MEANING)
    void setVerbose(boolean verbose) {
        set(verbose);
    }

    /** Has more logged, if that was asked for; before the first logger is made. */
    static void set(boolean verbose) {
        if (verbose) {
            System.setProperty(LEVEL, "debug");
        }
    }

    @Option(
            names = {"-h", "--help", HELP_ALL},
            usageHelp = true,
            description = "Show the everyday options, or all, and exit.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version and exit.")
    boolean version;

    /** Has nothing logged but failures, unless more was asked for; before the first logger is made. */
    static void onlyErrors() {
        if (!isVerbose()) {
            System.setProperty(LEVEL, "error");
        }
    }

    static boolean isVerbose() {
        return "debug".equals(System.getProperty(LEVEL));
    }
}
