package org.reactorserver.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that the simulation can fail: {@code -Dsim.mutations=all}, or with a part of a name, plants one
 * bug after the other into a copy of the production code and looks for the first seed that shows it.
 */
@Tag("simulation")
class MutationTest {
    private static final Path SOURCES = Path.of("src/main/java/org/reactorserver");
    private static final Path CLASSES = Path.of("target/classes");
    private static final Path TEST_CLASSES = Path.of("target/test-classes");
    private static final String OURS = "org.reactorserver.";

    @TempDir
    private Path directory;

    @Test
    void everyMutationStillApplies() {
        assertAll(Mutation.ALL.stream().map(mutation -> () -> mutate(mutation)));
    }

    @TestFactory
    @EnabledIfSystemProperty(named = "sim.mutations", matches = ".+")
    Stream<DynamicTest> everyMutationIsCaught() {
        String wanted = System.getProperty("sim.mutations");
        return Mutation.ALL.stream()
                .filter(mutation -> wanted.equals("all") || mutation.name().contains(wanted))
                .map(mutation -> DynamicTest.dynamicTest(mutation.name(), () -> catchIt(mutation)));
    }

    private void catchIt(Mutation mutation) throws Exception {
        Path classes = compile(mutation);
        long seeds = Long.getLong("sim.seeds", 20_000); // which the code without it survives
        long seed = 0;
        String complaint = null;
        try (Loader loader = new Loader(classes)) {
            Method run = loader.loadClass(Simulation.class.getName()).getMethod("run", long.class);
            while (complaint == null && seed < seeds) {
                complaint = complaintOf(run, seed++);
            }
        }
        System.out.printf("%-60s %s%n", mutation.name(), complaint == null ? "NOT CAUGHT" : complaint);
        assertThat(complaint)
                .as("what the simulation says of: " + mutation.name())
                .isNotNull();
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

    private static String mutate(Mutation mutation) throws IOException {
        return mutation.applyTo(Files.readString(SOURCES.resolve(mutation.file() + ".java")));
    }

    private Path compile(Mutation mutation) throws IOException {
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
