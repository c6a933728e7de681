package org.reactorserver.exercise;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A program that was compiled, in a directory of its own, which goes away with it. One thread. */
final class Program implements AutoCloseable {
    private final Path classes;

    private Program(Path classes) {
        this.classes = classes;
    }

    /**
     * Compiles a file, in UTF-8.
     *
     * @throws Fault if it has errors, or if this Java can run programs only
     */
    static Program compile(Path source) throws IOException, Fault {
        return compile(source, ToolProvider.getSystemJavaCompiler());
    }

    /** The same with this compiler; null is one that is missing. */
    static Program compile(Path source, JavaCompiler compiler) throws IOException, Fault {
        if (compiler == null) {
            throw new Fault("fault.compiler", System.getProperty("java.home"));
        }
        Program program = new Program(Files.createTempDirectory("exercise"));
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(found, Locale.ROOT, StandardCharsets.UTF_8)) {
            List<String> options = List.of("-d", program.classes.toString(), "-proc:none");
            boolean isGood = compiler.getTask(null, files, found, options, null, files.getJavaFileObjects(source))
                    .call();
            if (!isGood) {
                program.close();
                throw new Fault("fault.compile", errors(source, found));
            }
        }
        return program;
    }

    private static String errors(Path source, DiagnosticCollector<JavaFileObject> found) {
        return found.getDiagnostics().stream()
                .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                .map(each -> "%s:%d: %s".formatted(source, each.getLineNumber(), each.getMessage(Locale.ROOT)))
                .map(each -> "  " + each.replace("\n", "\n  "))
                .collect(Collectors.joining("\n"));
    }

    /** Where its classes are. */
    Path classes() {
        return classes;
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(classes)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
