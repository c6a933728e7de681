package org.reactorserver.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Plants one bug into a copy of the production code and looks for the first seed that shows it.
 *
 * <p>The simulation itself bounds what a seed may do: steps, passes, calls in which nothing happens. What goes
 * round without any call to the outside it cannot see; that is bounded by the processor's time.
 */
final class MutationHunt {
    private static final Path SOURCES = Path.of("src/main/java/org/reactorserver");
    private static final Path CLASSES = Path.of("target/classes");
    private static final Path TEST_CLASSES = Path.of("target/test-classes");
    private static final String OURS = "org.reactorserver.";
    private static final long MOST_NANOS_PER_SEED = 30_000_000_000L; // of the processor; most take a millisecond
    private static final long LOOK_MILLIS = 1_000;

    private final Mutation mutation;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    // written by the thread that hunts
    private volatile long seed;
    private volatile long seedBegan; // of that thread's processor time
    private volatile String complaint; // null until some seed has shown it
    private volatile Exception failure;

    MutationHunt(Mutation mutation) {
        this.mutation = mutation;
    }

    /** The source with the bug in it. */
    static String mutate(Mutation mutation) throws IOException {
        return mutation.applyTo(Files.readString(SOURCES.resolve(mutation.file() + ".java")));
    }

    /** Tries seeds from 0 to less than that. Returns whether one shows the bug. */
    boolean catches(long seeds, Path directory) throws Exception {
        Path classes = compile(directory);
        Thread thread = new Thread(() -> hunt(seeds, classes), "hunt for: " + mutation.name());
        thread.setDaemon(true); // a bug that never comes back is left alone
        thread.start();
        while (thread.isAlive() && complaint == null) {
            thread.join(LOOK_MILLIS);
            long spent = threads.getThreadCpuTime(thread.getId()) - seedBegan; // negative if it is over
            if (spent > MOST_NANOS_PER_SEED) {
                complaint = "seed %d: has not come back after %d s of computing, from %s"
                        .formatted(seed, spent / 1_000_000_000, whereIs(thread));
            }
        }
        if (failure != null) {
            throw failure;
        }
        return complaint != null;
    }

    /** The seed that has shown it, or the first that was not tried. */
    long seed() {
        return seed;
    }

    /** What that one says; null if none does. */
    String complaint() {
        return complaint;
    }

    private void hunt(long seeds, Path classes) {
        try (Loader loader = new Loader(classes)) {
            Method run = loader.loadClass(Simulation.class.getName()).getMethod("run", long.class);
            String found = null;
            for (long next = 0; next < seeds && found == null; next++) {
                seedBegan = threads.getCurrentThreadCpuTime();
                seed = next;
                found = complaintOf(run, next);
            }
            seed += found == null ? 1 : 0;
            complaint = found;
        } catch (Exception e) {
            failure = e;
        }
    }

    private static String complaintOf(Method run, long seed) throws IllegalAccessException {
        try {
            run.invoke(null, seed);
            return null;
        } catch (InvocationTargetException e) {
            String text = e.getCause().getMessage();
            return text != null && text.startsWith("seed") ? text : "seed " + seed + ": " + e.getCause();
        }
    }

    private static String whereIs(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getClassName().startsWith(OURS)) {
                return frame.toString();
            }
        }
        return "an unknown place";
    }

    private Path compile(Path directory) throws IOException {
        Path root = Files.createTempDirectory(directory, "mutation");
        Path source = root.resolve(mutation.file() + ".java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, mutate(mutation));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        String classPath = CLASSES + System.getProperty("path.separator") + System.getProperty("java.class.path");
        int result = compiler.run(
                null,
                null,
                null,
                List.of("-nowarn", "-proc:none", "-cp", classPath, "-d", root.toString(), source.toString())
                        .toArray(new String[0]));
        assertThat(result).as("compiling " + mutation.name()).isZero();
        return root;
    }

    /** Has its own copy of everything of ours, the mutated class among it. */
    private static final class Loader extends URLClassLoader {

        Loader(Path mutated) throws MalformedURLException {
            super(new URL[] {
                mutated.toUri().toURL(),
                CLASSES.toUri().toURL(),
                TEST_CLASSES.toUri().toURL()
            });
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(OURS)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : findClass(name);
            }
        }
    }
}
