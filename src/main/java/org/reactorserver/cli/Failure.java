package org.reactorserver.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What goes wrong becomes one line on standard error and an exit code. Apart from the parser: it is there without it.
 */
final class Failure {
    private Failure() {}

    /** Prints the line. Returns the exit code. */
    static int print(int code, String message) {
        String line = PhraseBook.translate(message.replaceAll("\\R", " "), Language.inForce());
        System.err.println("reactor-server: " + line);
        return code;
    }

    /** Prints what is wrong with the usage. Returns the exit code. */
    static int ofUsage(String problem) {
        return print(2, problem + " (see --help)");
    }

    /** Prints what went wrong with a command. Returns the exit code. */
    static int print(Exception e) {
        if (Verbosity.isVerbose()) {
            e.printStackTrace();
        }
        return print(1, message(e));
    }

    /** The exit code; or, with its line, that of a report which could not be written to standard output. */
    static int unlessLost(int code) {
        boolean isLost = System.out.checkError(); // it is flushed first
        return isLost ? print(1, "the report could not be written to standard output") : code;
    }

    /** What an exception says, or what it is if it says nothing. Of files many say their name and nothing more. */
    static String message(Throwable e) {
        if (e instanceof FileSystemException file && file.getReason() == null) {
            return "'" + file.getFile() + "': " + reason(file);
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** What went wrong with a file, whose name comes first. */
    static String message(Path file, IOException e) {
        String name = "'" + file + "'";
        String reason = Files.isDirectory(file) ? name + ": it is a directory" : message(e);
        return reason.startsWith(name) ? reason : name + " cannot be read: " + reason;
    }

    private static String reason(FileSystemException e) {
        return e instanceof NoSuchFileException
                ? "there is no such file"
                : e instanceof AccessDeniedException
                        ? "this user may not"
                        : e.getClass().getSimpleName();
    }
}
