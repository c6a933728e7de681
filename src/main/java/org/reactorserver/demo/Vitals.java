package org.reactorserver.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process takes, from {@code /proc} (proc(5)), which only Linux has.
 *
 * @param threads how many it has
 * @param kibibytes of memory that it really uses, {@code VmRSS}
 * @param switches how often the processor went from one of its threads to another thread, so far
 */
record Vitals(long threads, long kibibytes, long switches) {
    private static final Path PROC = Path.of("/proc");

    static boolean areKnown() {
        return Files.isReadable(PROC.resolve("self/status"));
    }

    static Vitals of(long pid) throws IOException {
        List<String> process = Files.readAllLines(PROC.resolve(pid + "/status"));
        return new Vitals(figure(process, "Threads:"), figure(process, "VmRSS:"), switchesOf(pid));
    }

    private static long switchesOf(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(PROC.resolve(pid + "/task"))) {
            return threads.mapToLong(Vitals::switchesOf).sum();
        }
    }

    private static long switchesOf(Path thread) {
        try {
            List<String> status = Files.readAllLines(thread.resolve("status"));
            return figure(status, "voluntary_ctxt_switches:") + figure(status, "nonvoluntary_ctxt_switches:");
        } catch (NoSuchFileException e) {
            return 0; // it has just ended
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long figure(List<String> lines, String name) {
        for (String line : lines) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.substring(name.length()).strip().split("\\s+")[0]);
            }
        }
        return 0;
    }
}
