package org.reactorserver.exercise;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.reactorserver.text.Words;

/** Ten small servers with a fault each: which is to be found, corrected, and checked. One thread. */
public final class Exercises {
    /** How many there are; they are numbered from 1. */
    public static final int COUNT = 10;

    private final PrintStream out;
    private final Words words;

    /**
     * Prints there.
     *
     * @param language see {@link Words#beside}
     */
    public Exercises(PrintStream out, Locale language) {
        this.out = out;
        this.words = Words.beside(Exercises.class, language);
    }

    /** Prints a line for each. */
    public void list() {
        for (int number = 1; number <= COUNT; number++) {
            out.printf("  %2d  %s%n", number, words.text("title." + number));
        }
        out.println(words.text("list.end"));
    }

    /** Prints the server, with what is to be done above it: a file to be compiled. */
    public void print(int number) throws IOException {
        out.println("// " + words.text("exercise", number, words.text("title." + number)));
        out.println("//");
        for (String line : words.text("task." + number).split("\n")) {
            out.println("// " + line);
        }
        out.println("//");
        for (String line : words.text("how", number).split("\n")) {
            out.println("// " + line);
        }
        out.println();
        try (InputStream source = Exercises.class.getResourceAsStream("Exercise" + number + ".java")) {
            out.print(new String(source.readAllBytes(), StandardCharsets.UTF_8));
        }
        out.flush();
    }

    /**
     * Compiles a solution, runs it, and has a client look for the fault.
     *
     * @return whether all is right; what was found is printed
     */
    public boolean check(int number, Path solution) throws IOException, InterruptedException {
        try {
            expose(number, solution);
        } catch (Fault fault) {
            out.println(words.text("wrong", number));
            out.println(words.text(fault.key(), fault.values()));
            return false;
        }
        out.println(words.text("right", number));
        out.println(words.text("right." + number));
        return true;
    }

    /** Does that and prints nothing. */
    static void expose(int number, Path solution) throws IOException, InterruptedException, Fault {
        try (Program program = Program.compile(solution);
                Trial trial = Trial.start(program)) {
            Checks.run(number, trial);
        }
    }
}
