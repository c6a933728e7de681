package org.reactorserver.exercise;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A program that was compiled, in a directory of its own, which goes away with it. One thread. */
final class Program implements AutoCloseable {
    /** The class that is run. */
    static final String SERVER = "Server";

    private final Path classes;

    private Program(Path classes) {
        this.classes = classes;
    }

    /**
     * Compiles a file, in UTF-8.
     *
     * @throws Unfit if it cannot be run, or if this Java can run programs only
     */
    static Program compile(Path source) throws IOException, Unfit {
        return compile(source, ToolProvider.getSystemJavaCompiler());
    }

    /** The same with this compiler; null is one that is missing. */
    static Program compile(Path source, JavaCompiler compiler) throws IOException, Unfit {
        if (compiler == null) {
            throw new Unfit("unfit.compiler", System.getProperty("java.home"));
        }
        requireText(source);
        Program program = new Program(Files.createTempDirectory("exercise"));
        boolean isFit = false;
        try {
            program.fill(source, compiler);
            program.requireServer();
            isFit = true;
            return program;
        } finally {
            if (!isFit) {
                program.close();
            }
        }
    }

    private static void requireText(Path source) throws IOException, Unfit {
        if (!Files.exists(source)) {
            throw new Unfit("unfit.missing");
        }
        if (Files.isDirectory(source)) {
            throw new Unfit("unfit.directory");
        }
        if (!Files.isReadable(source)) {
            throw new Unfit("unfit.unreadable");
        }
        boolean mayBeReadTwice = Files.isRegularFile(source); // and a pipe may not
        if (mayBeReadTwice && new String(Files.readAllBytes(source), StandardCharsets.UTF_8).isBlank()) {
            throw new Unfit("unfit.empty");
        }
    }

    private void fill(Path source, JavaCompiler compiler) throws IOException, Unfit {
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(found, Locale.ROOT, StandardCharsets.UTF_8)) {
            List<String> options = List.of("-d", classes.toString(), "-proc:none");
            boolean isGood = compiler.getTask(null, files, found, options, null, files.getJavaFileObjects(source))
                    .call();
            if (!isGood) {
                throw new Unfit("unfit.compile", errors(source, found));
            }
        }
    }

    /** Java itself would only say that there is none. */
    private void requireServer() throws IOException, Unfit {
        try (Stream<Path> all = Files.walk(classes)) {
            Optional<Path> server =
                    all.filter(each -> each.endsWith(SERVER + ".class")).findFirst();
            if (server.isEmpty()) {
                throw new Unfit("unfit.class");
            }
            Path place = classes.relativize(server.get().getParent());
            if (!place.toString().isEmpty()) {
                throw new Unfit("unfit.package", place.toString().replace(File.separatorChar, '.'));
            }
        }
    }

    private static String errors(Path source, DiagnosticCollector<JavaFileObject> found) throws IOException {
        StringBuilder errors = new StringBuilder();
        for (Diagnostic<? extends JavaFileObject> each : found.getDiagnostics()) {
            if (each.getKind() == Diagnostic.Kind.ERROR) {
                errors.append("\n").append(error(source, each));
            }
        }
        return errors.substring(1).indent(2).stripTrailing();
    }

    /** As javac prints it: the first line of the message, the line of the source, a caret below it, the rest. */
    private static String error(Path source, Diagnostic<? extends JavaFileObject> found) throws IOException {
        String message = found.getMessage(Locale.ROOT);
        if (found.getSource() == null || found.getPosition() == Diagnostic.NOPOS) {
            return source + ": " + message;
        }
        String text = found.getSource().getCharContent(true).toString();
        int at = (int) found.getPosition();
        int begin = Math.max(text.lastIndexOf('\n', at - 1), text.lastIndexOf('\r', at - 1)) + 1;
        String line = text.substring(begin).lines().findFirst().orElse("");
        String caret = text.substring(begin, at).replaceAll("[^\t]", " ") + "^";
        String[] parts = message.split("\n", 2);
        return "%s:%d: %s\n%s\n%s".formatted(source, found.getLineNumber(), parts[0], line, caret)
                + (parts.length == 1 ? "" : "\n" + parts[1]);
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
