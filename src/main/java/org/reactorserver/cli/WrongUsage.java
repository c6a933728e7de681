package org.reactorserver.cli;

/** A command line that is wrong as a whole, and not in the value of an option. */
final class WrongUsage extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongUsage(String text) {
        super(text);
    }
}
