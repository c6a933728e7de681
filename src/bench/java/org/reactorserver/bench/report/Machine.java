package org.reactorserver.bench.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where and when figures were taken; without that they mean nothing to anybody else. */
public final class Machine {

    private Machine() {}

    public static Map<String, String> describe(Path javaHome) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        facts.put("processor", processor());
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("memory", memory());
        facts.put("Java of the servers", java(javaHome));
        facts.put("load average before the run", loadAverage());
        return facts;
    }

    public static String loadAverage() {
        double average = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return "%.1f".formatted(average);
    }

    private static String processor() {
        int cores = Runtime.getRuntime().availableProcessors();
        String model = field(Path.of("/proc/cpuinfo"), "model name", ":");
        return (model.isEmpty() ? System.getProperty("os.arch") : model) + ", " + cores + " cores";
    }

    private static String memory() {
        String kib = field(Path.of("/proc/meminfo"), "MemTotal", ":").replaceAll("\\D", "");
        return kib.isEmpty() ? "?" : Long.parseLong(kib) / 1024 / 1024 + " GiB";
    }

    /** Version and maker of the Java in a Java home. */
    public static String java(Path home) {
        Path release = home.resolve("release");
        String version = field(release, "JAVA_VERSION", "=").replace("\"", "");
        String maker = field(release, "IMPLEMENTOR", "=").replace("\"", "");
        return (version + " " + maker).strip();
    }

    /** The value of the first line of a file that starts with a name; empty if there is none. */
    private static String field(Path file, String name, String separator) {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name) && line.contains(separator))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(separator) + 1).strip())
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
