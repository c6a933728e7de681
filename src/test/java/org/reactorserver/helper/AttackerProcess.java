package org.reactorserver.helper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A running {@link Attacker}, and what it says. */
public final class AttackerProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    private AttackerProcess(Process process) {
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    public static AttackerProcess start(String what, int port, Object... more) {
        List<String> words = new ArrayList<>(List.of(
                Programs.jdk("java"),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-cp",
                Programs.testClasses(),
                Attacker.class.getName(),
                what,
                Integer.toString(port)));
        for (Object word : more) {
            words.add(word.toString());
        }
        try {
            return new AttackerProcess(new ProcessBuilder(words)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next figure it prints, which must have this name. */
    public long figure(String name) {
        try {
            String line = out.readLine();
            if (line == null || !line.startsWith(name + "=")) {
                throw new AssertionError("instead of " + name + ": " + line);
            }
            return Long.parseLong(line.substring(name.length() + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has it go on. */
    public void goOn() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
