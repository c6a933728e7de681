package org.reactorserver.helper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the kernel and the JDK's tools say about a running server, and about TCP as a whole. */
public final class Vitals {
    private static final int TICKS_PER_SECOND = 100;
    private static final int KIB_PER_PAGE = 4;

    private final long pid;

    public Vitals(JarProcess server) {
        this.pid = server.pid();
    }

    /** Any process. */
    public Vitals(long pid) {
        this.pid = pid;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path proc(String file) {
        return Path.of("/proc", Long.toString(pid), file);
    }

    /** How many files and sockets are open. */
    public int files() {
        try (Stream<Path> files = Files.list(proc("fd"))) {
            return (int) files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Processor time used so far. */
    public double cpuSeconds() {
        String stat = lines(proc("stat")).get(0);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / (double) TICKS_PER_SECOND;
    }

    /** Resident memory. */
    public long residentKib() {
        return status("VmRSS");
    }

    /** The most resident memory there ever was. */
    public long peakResidentKib() {
        return status("VmHWM");
    }

    private long status(String name) {
        return lines(proc("status")).stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }

    /** The heap in use after a full collection. */
    public long liveHeapKib() {
        collect();
        double[] columns = gc();
        return Math.round(columns[2] + columns[3] + columns[5] + columns[7]);
    }

    /** The old generation in use after a full collection. */
    public long oldKib() {
        collect();
        return Math.round(gc()[7]);
    }

    /** The heap in use now, garbage included. */
    public long heapKib() {
        double[] columns = gc();
        return Math.round(columns[2] + columns[3] + columns[5] + columns[7]);
    }

    private void collect() {
        Shell.run(Programs.jdk("jcmd"), Long.toString(pid), "GC.run");
    }

    private double[] gc() {
        String table = Shell.run(Programs.jdk("jstat"), "-gc", Long.toString(pid));
        String row = table.lines().skip(1).findFirst().orElseThrow().trim();
        return Stream.of(row.split("\\s+"))
                .mapToDouble(text -> text.equals("-") ? 0 : Double.parseDouble(text))
                .toArray();
    }

    /** Direct buffers; needs -XX:NativeMemoryTracking=summary. */
    public long directKib() {
        String summary = Shell.run(Programs.jdk("jcmd"), Long.toString(pid), "VM.native_memory", "summary");
        Matcher other =
                Pattern.compile("Other \\(reserved=\\d+KB, committed=(\\d+)KB").matcher(summary);
        return other.find() ? Long.parseLong(other.group(1)) : 0;
    }

    /** How many threads there are. */
    public int threads() {
        return (int) status("Threads");
    }

    /** The thread of this name, as strace expects it. */
    public String threadId(String name) {
        try (Stream<Path> tasks = Files.list(proc("task"))) {
            return tasks.filter(task -> lines(task.resolve("comm")).contains(name))
                    .map(task -> task.getFileName().toString())
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the kernel holds in the buffers of all TCP sockets of this machine. */
    public static long kernelTcpKib() {
        Matcher matcher =
                Pattern.compile("TCP: .* mem (\\d+)").matcher(String.join("\n", lines(Path.of("/proc/net/sockstat"))));
        return matcher.find() ? Long.parseLong(matcher.group(1)) * KIB_PER_PAGE : 0;
    }

    /** Connections of this machine that were dropped since a backlog was full; as nstat has it. */
    public static long listenDrops() {
        List<String> lines = lines(Path.of("/proc/net/netstat"));
        List<String> names = List.of(lines.get(0).split(" "));
        return Long.parseLong(lines.get(1).split(" ")[names.indexOf("ListenDrops")]);
    }
}
