package org.reactorserver.bench.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The programs of the bench that are written in C. */
public final class CProgram {
    public static final String NO_COMPILER = "no gcc, cc or clang here that compiles it";

    private CProgram() {}

    /** Compiles one. Returns where it is, or null if that cannot be done here. */
    public static String compiled(Path sources, String name, Path out) {
        String source = sources.resolve("c").resolve(name + ".c").toString();
        String program = out.resolve(name).toAbsolutePath().toString();
        for (String compiler : List.of("gcc", "cc", "clang")) {
            if (succeeds(compiler, "-O2", "-o", program, source)) {
                return program;
            }
        }
        return null;
    }

    /** Whether there is such a command, and it ends well. */
    public static boolean succeeds(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // there is no such command
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
