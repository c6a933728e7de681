package org.reactorserver.load.plan;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactorserver.framing.Framing;
import org.reactorserver.load.text.Units;

/**
 * Looks, before a run starts, whether this machine can do what is asked for, and says in one line what
 * is in the way and which command lifts it. Where the system does not tell, it says nothing.
 */
public final class Preflight {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Path PORTS = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final Pattern OPEN_FILES = Pattern.compile("Max open files\\s+(\\d+)");
    private static final Pattern TWO_NUMBERS = Pattern.compile("\\s*(\\d+)\\s+(\\d+)\\s*");

    /** Kept for jars, files, the selector and what else a process has open. */
    private static final int OWN_FILES = 64;

    private static final int BYTES_PER_CONNECTION = 2_000;
    private static final int BYTES_PER_OUTSTANDING = 16;

    /** Messages of so many bytes hold both numbers whole. */
    private static final int TELLS_CONNECTIONS_APART = 18;

    private static final int LARGEST_WRITTEN_AT_ONCE = 64 * 1024;

    private Preflight() {}

    /** What is in the way of a run, or nothing. */
    public static Optional<String> obstacle(LoadPlan plan) {
        Optional<String> obstacle = openFiles(plan, read(LIMITS));
        if (obstacle.isEmpty()) {
            obstacle = localPorts(plan, read(PORTS));
        }
        if (obstacle.isEmpty()) {
            obstacle = heap(plan, Runtime.getRuntime().maxMemory());
        }
        return obstacle.isPresent() ? obstacle : sources(plan);
    }

    static Optional<String> openFiles(LoadPlan plan, String limits) {
        Matcher limit = OPEN_FILES.matcher(limits);
        long needed = (long) plan.connections() + OWN_FILES;
        if (!limit.find() || Long.parseLong(limit.group(1)) >= needed) {
            return Optional.empty();
        }
        return Optional.of(Units.plural(plan.connections(), "connection") + " need "
                + Units.count(needed) + " file descriptors and this process may have "
                + Units.count(Long.parseLong(limit.group(1))) + "; run first: ulimit -n " + needed);
    }

    static Optional<String> localPorts(LoadPlan plan, String range) {
        Matcher numbers = TWO_NUMBERS.matcher(range);
        if (!numbers.matches()) {
            return Optional.empty();
        }
        long ports = Long.parseLong(numbers.group(2)) - Long.parseLong(numbers.group(1)) + 1;
        long sources = Math.max(1, plan.sources().size());
        if (plan.route().unix() != null || plan.connections() <= ports * sources) {
            return Optional.empty();
        }
        String addresses = sources == 1 ? "one source address" : sources + " source addresses";
        return Optional.of(Units.plural(plan.connections(), "connection") + " need as many local"
                + " ports, and " + addresses + " to one server has " + Units.count(ports * sources)
                + "; run first: sysctl -w net.ipv4.ip_local_port_range='1024 65535', or give more"
                + " addresses with --source-ip");
    }

    static Optional<String> heap(LoadPlan plan, long heap) {
        long depth = plan.isOpenModel() ? 4 : plan.depth();
        long message = plan.message() == null ? plan.size() : plan.message().length();
        long unwritten = message > LARGEST_WRITTEN_AT_ONCE ? message : 0; // which a server may be slow to read
        long needed = plan.connections() * (BYTES_PER_CONNECTION + depth * BYTES_PER_OUTSTANDING + unwritten);
        if (needed < heap / 2) {
            return Optional.empty();
        }
        long wanted = needed * 2 / (1 << 20) + 1;
        return Optional.of(Units.plural(plan.connections(), "connection") + " of depth " + depth
                + (unwritten > 0 ? " with messages of " + Units.bytes(message) : "") + " need about "
                + Units.bytes(needed) + " of heap and there are "
                + Units.bytes(heap) + "; start with: java -Xmx" + wanted + "m -jar …");
    }

    private static Optional<String> sources(LoadPlan plan) {
        for (InetAddress source : plan.sources()) {
            try (ServerSocket probe = new ServerSocket()) {
                probe.bind(new InetSocketAddress(source, 0));
            } catch (IOException e) {
                String address = source.getHostAddress();
                return Optional.of("--source-ip " + address + " is no address of this machine (" + e.getMessage()
                        + "); run first: ip addr add " + address + " dev lo");
            }
        }
        return Optional.empty();
    }

    /** What a reader of the results should know beforehand, or nothing. */
    public static Optional<String> advice(LoadPlan plan) {
        boolean severalAtATime = plan.isOpenModel() || plan.depth() > 1;
        boolean chunks = plan.framing() == Framing.chunks() && !plan.escaped() && plan.scenario() == null;
        if (chunks && severalAtATime && !plan.expectEcho()) {
            return Optional.of("with chunk framing the server may take messages that are out"
                    + " together for one, and answer once; --framing line keeps them apart");
        }
        boolean tooSmall = plan.message() == null
                && plan.scenario() == null
                && plan.expectEcho()
                && plan.size() < TELLS_CONNECTIONS_APART;
        if (tooSmall && plan.connections() > 1) {
            return Optional.of("messages of " + Units.plural(plan.size(), "byte") + " hold only the last digits of the"
                    + " connection's number and of their own, so replies of other connections may pass for right;"
                    + " --size " + TELLS_CONNECTIONS_APART + " tells them apart");
        }
        return Optional.empty();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return ""; // not Linux
        }
    }
}
