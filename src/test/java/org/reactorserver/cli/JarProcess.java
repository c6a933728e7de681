package org.reactorserver.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process of the packaged jar, started as a user would start it. Whatever is awaited is awaited for a
 * bounded time, whatever fails shows what the process has printed, and closing kills the process.
 */
final class JarProcess implements AutoCloseable {
    /** Far more than anything here takes; it only keeps a hanging test from hanging for ever. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Pattern READY = Pattern.compile("reactor-server listening on ([0-9.]+):([0-9]+)");

    private final String commandLine;
    private final Process process;
    private final Output out;
    private final Output err;

    private JarProcess(ProcessBuilder builder) {
        commandLine = String.join(" ", builder.command());
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(commandLine, e);
        }
        out = new Output("stdout", process.getInputStream());
        err = new Output("stderr", process.getErrorStream());
    }

    /** {@code java -jar reactor-server.jar} with these arguments. */
    static JarProcess start(String... arguments) {
        return command().start(arguments);
    }

    /** {@code serve} at any free port, connectable when this returns. */
    static JarProcess serve(String... options) {
        return command().serve(options);
    }

    /** Another program, looked after in the same way. */
    static JarProcess other(String... command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C.UTF-8");
        return new JarProcess(builder);
    }

    /** What is not as usual about the process can be said before it is started. */
    static Command command() {
        return new Command();
    }

    static final class Command {
        private final List<String> jvmOptions = new ArrayList<>();
        private final Map<String, String> environment = new TreeMap<>();
        private boolean withTestClasses;
        private int fileLimit;

        Command jvm(String... options) {
            jvmOptions.addAll(List.of(options));
            return this;
        }

        Command environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** {@code java -cp jar:classes Main}, so that it finds handlers that are classes of these tests. */
        Command withTestClasses() {
            withTestClasses = true;
            return this;
        }

        Command fileLimit(int files) {
            fileLimit = files;
            return this;
        }

        JarProcess serve(String... options) {
            List<String> arguments = new ArrayList<>(List.of("serve", "--port", "0"));
            arguments.addAll(List.of(options));
            JarProcess server = start(arguments.toArray(new String[0]));
            try {
                server.address();
                return server;
            } catch (AssertionError e) {
                server.close();
                throw e;
            }
        }

        JarProcess start(String... arguments) {
            List<String> java = new ArrayList<>();
            java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            java.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")); // starts sooner
            java.addAll(jvmOptions);
            String jar = System.getProperty("reactor.jar");
            if (withTestClasses) {
                String classPath = jar + System.getProperty("path.separator") + testClasses();
                java.addAll(List.of("-cp", classPath, Main.class.getName()));
            } else {
                java.addAll(List.of("-jar", jar));
            }
            java.addAll(Arrays.asList(arguments));
            List<String> whole = java;
            if (fileLimit > 0) {
                whole = new ArrayList<>(List.of("sh", "-c", "ulimit -n " + fileLimit + "; exec \"$@\"", "sh"));
                whole.addAll(java);
            }
            ProcessBuilder builder = new ProcessBuilder(whole);
            builder.environment().keySet().removeIf(Command::changesBehaviour);
            builder.environment().put("LC_ALL", "C.UTF-8"); // arguments are not all ASCII
            builder.environment().putAll(environment);
            return new JarProcess(builder);
        }

        private static boolean changesBehaviour(String variable) {
            return variable.startsWith("REACTOR_")
                    || variable.equals("JAVA_TOOL_OPTIONS")
                    || variable.equals("JDK_JAVA_OPTIONS")
                    || variable.equals("_JAVA_OPTIONS");
        }

        private static String testClasses() {
            try {
                return Path.of(JarProcess.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI())
                        .toString();
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    // -- what it says
    // ------------------------------------------------------------------------------

    /** Where it listens, by its ready line. */
    InetSocketAddress address() {
        Matcher ready = READY.matcher(awaitOut(line -> READY.matcher(line).matches()));
        if (!ready.matches()) {
            throw new AssertionError("cannot be");
        }
        return new InetSocketAddress(ready.group(1), Integer.parseInt(ready.group(2)));
    }

    String port() {
        return Integer.toString(address().getPort());
    }

    /** The first line on stdout like this, when it is there. */
    String awaitOut(Predicate<String> like) {
        return out.await(1, like).get(0);
    }

    /** So many lines on stdout like this, when they are there. */
    List<String> awaitOut(int count, Predicate<String> like) {
        return out.await(count, like);
    }

    /** The first line on stderr like this, when it is there. */
    String awaitErr(Predicate<String> like) {
        return err.await(1, like).get(0);
    }

    /** What it has printed so far; all of it once {@link #exitCode} has returned. */
    List<String> out() {
        return out.soFar();
    }

    List<String> err() {
        return err.soFar();
    }

    /** Everything known about it, for the message of a failure. */
    @Override
    public String toString() {
        return "%s%n%s%n%s%n%s"
                .formatted(
                        commandLine, process.isAlive() ? "is running" : "ended with " + process.exitValue(), out, err);
    }

    // -- how it ends
    // -------------------------------------------------------------------------------

    /** Waits for its end. */
    int exitCode() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("has not ended within " + PATIENCE + ": " + this);
            }
            out.join();
            err.join();
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** SIGTERM. */
    JarProcess terminate() {
        process.toHandle().destroy(); // which does not close the streams, as the process's would
        return this;
    }

    /** SIGINT, as Ctrl-C sends it. */
    JarProcess interrupt() {
        try {
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return this;
    }

    long pid() {
        return process.pid();
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

    /** The lines of one of its streams as they come. */
    private final class Output {
        private final String name;
        private final List<String> lines = new ArrayList<>(); // guarded by this, like the next one
        private boolean ended;
        private final Thread reader;

        Output(String name, InputStream stream) {
            this.name = name;
            reader = new Thread(() -> read(stream), name + " of " + process.pid());
            reader.setDaemon(true);
            reader.start();
        }

        private void read(InputStream stream) {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                String line;
                while ((line = in.readLine()) != null) {
                    add(line);
                }
            } catch (IOException e) {
                add("(the test cannot read on: " + e + ")"); // it was killed
            } finally {
                end();
            }
        }

        private synchronized void add(String line) {
            lines.add(line);
            notifyAll();
        }

        private synchronized void end() {
            ended = true;
            notifyAll();
        }

        synchronized List<String> soFar() {
            return List.copyOf(lines);
        }

        synchronized List<String> await(int count, Predicate<String> like) {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (true) {
                List<String> found = lines.stream().filter(like).toList();
                if (found.size() >= count) {
                    return found;
                }
                long left = end - System.nanoTime();
                if (ended || left <= 0) {
                    throw new AssertionError("%d of %d awaited lines on %s%s: %s"
                            .formatted(
                                    found.size(),
                                    count,
                                    name,
                                    ended ? ", which has ended" : " within " + PATIENCE,
                                    JarProcess.this));
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }

        void join() throws InterruptedException {
            reader.join(PATIENCE.toMillis());
            if (reader.isAlive()) {
                throw new AssertionError(name + " is still open: " + JarProcess.this);
            }
        }

        @Override
        public String toString() {
            return "-- " + name + "\n" + String.join("\n", soFar());
        }
    }
}
