package org.reactorserver.cli;

/** What goes wrong becomes one line on standard error and an exit code. Apart from the parser: it is there without it. */
final class Failure {
    private Failure() {}

    /** Prints the line. Returns the exit code. */
    static int print(int code, String message) {
        String line = PhraseBook.translate(message.replaceAll("\\R", " "), Language.inForce());
        System.err.println("reactor-server: " + line);
        return code;
    }

    /** What an exception says, or what it is if it says nothing. */
    static String message(Throwable e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
