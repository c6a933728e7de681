package org.reactorserver.cli;

/** What goes wrong becomes one line on standard error and an exit code. Apart from the parser: it is there without it. */
final class Failure {
    private Failure() {}

    /** Prints the line. Returns the exit code. */
    static int print(int code, String message) {
        System.err.println("reactor-server: " + message.replaceAll("\\R", " "));
        return code;
    }

    /** What an exception says, or what it is if it says nothing. */
    static String message(Throwable e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
