package org.reactorserver.exercise;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
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

    /** Compiles a solution, runs it, and has a client look for the fault. What was found is printed. */
    public Verdict check(int number, Path solution) throws IOException, InterruptedException {
        try {
            expose(number, solution);
        } catch (Fault fault) {
            boolean isUnfit = fault instanceof Unfit;
            out.println(isUnfit ? words.text("unfit", number, solution) : words.text("wrong", number));
            out.println(text(fault));
            return isUnfit ? Verdict.NOT_RUN : Verdict.WRONG;
        }
        out.println(words.text("right", number));
        out.println(words.text("right." + number));
        return Verdict.RIGHT;
    }

    /**
     * The same for several, of which each is told in one line, with the first reason against it.
     *
     * @return whether all are right
     */
    public boolean checkAll(int number, List<Path> solutions) throws IOException, InterruptedException {
        boolean areRight = true;
        for (Path solution : solutions) {
            try {
                expose(number, solution);
                out.println(words.text("line.right", solution));
            } catch (Fault fault) {
                out.println(words.text("line.wrong", solution, firstReason(text(fault))));
                areRight = false;
            }
            out.flush();
        }
        return areRight;
    }

    private String text(Fault fault) {
        return words.text(fault.key(), fault.values());
    }

    /** The first line, and what it announces by a colon; one of Chinese is as wide as two characters already. */
    private static String firstReason(String text) {
        String[] lines = text.split("\n", 3);
        boolean goesOn = lines.length > 1 && lines[0].matches(".*[:：]");
        return goesOn ? lines[0] + (lines[0].endsWith(":") ? " " : "") + lines[1].strip() : lines[0];
    }

    /** Does that and prints nothing. */
    static void expose(int number, Path solution) throws IOException, InterruptedException, Fault {
        try (Program program = Program.compile(solution);
                Trial trial = Trial.start(program)) {
            Checks.run(number, trial);
        }
    }
}
