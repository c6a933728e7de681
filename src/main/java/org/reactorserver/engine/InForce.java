package org.reactorserver.engine;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.reactorserver.option.Options;
import org.reactorserver.text.Addresses;

/** What a server's settings came to: sockets as the kernel has them, limits as they are. */
final class InForce {
    private static final Path SOMAXCONN = Path.of("/proc/sys/net/core/somaxconn");

    private InForce() {}

    static Map<String, String> describe(Settings settings, ServerSocketChannel listener) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        values.put(
                "serving",
                "%s framing, %s, backlog %d".formatted(settings.framing, workers(settings), settings.backlog));
        values.put(
                "limits",
                "message %d B, %d connections, %s from one address, %s active, "
                                .formatted(
                                        settings.maxMessage,
                                        settings.maxConnections,
                                        orAll(settings.maxConnectionsPerIp),
                                        orAll(settings.activeSessions))
                        + "undecoded %d B for all, replies waiting %d B (no reading above), %d B per session, %d B for all"
                                .formatted(
                                        settings.requestMemory,
                                        settings.highWater,
                                        settings.outboxLimit,
                                        settings.replyMemory));
        values.put(
                "deadlines",
                "rest of a message %s, replies not taken %s, idle %s, lingering %s"
                        .formatted(
                                seconds(settings.messageNanos),
                                seconds(settings.writeNanos),
                                settings.idleNanos == 0 ? "never" : seconds(settings.idleNanos),
                                seconds(settings.lingerNanos)));
        values.put(
                "listener",
                options(
                        listener,
                        StandardSocketOptions.SO_REUSEADDR,
                        StandardSocketOptions.SO_REUSEPORT,
                        StandardSocketOptions.SO_RCVBUF));
        try (SocketChannel probe = settings.provider.openSocketChannel()) {
            setOptions(settings, probe);
            values.put(
                    "clients",
                    options(
                            probe,
                            StandardSocketOptions.TCP_NODELAY,
                            StandardSocketOptions.SO_KEEPALIVE,
                            StandardSocketOptions.SO_SNDBUF));
        }
        return values;
    }

    /** Sets what every client's socket gets; what is off or left to the kernel costs no call. */
    static void setOptions(Settings settings, SocketChannel channel) throws IOException {
        if (settings.noDelay) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        if (settings.keepAlive) {
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        }
        if (settings.sendBuffer > 0) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, settings.sendBuffer);
        }
    }

    static List<String> warnings(Settings settings) {
        List<String> warnings = new ArrayList<>();
        InetSocketAddress target = settings.announceTo;
        if (target != null
                && new InetSocketAddress(settings.endpoints.get(0).host(), 0)
                        .getAddress()
                        .isLoopbackAddress()
                && !target.getAddress().isLoopbackAddress()) {
            warnings.add("%s is announced to %s, where nobody can connect to it (--host 0.0.0.0 would let them)"
                    .formatted(settings.endpoints.get(0).host(), Addresses.text(target)));
        }
        Integer askedConnections = settings.values.get(Options.MAX_CONNECTIONS);
        if (askedConnections != null && askedConnections > settings.maxConnections) {
            warnings.add(
                    "%d connections were asked for, but only %d files may be open: %d connections are allowed (ulimit -n %d lifts that)"
                            .formatted(
                                    askedConnections,
                                    FileDescriptors.limit(),
                                    settings.maxConnections,
                                    askedConnections + FileDescriptors.RESERVE));
        }
        try {
            int somaxconn =
                    Integer.parseInt(Files.readAllLines(SOMAXCONN).get(0).trim());
            if (settings.backlog > somaxconn) {
                warnings.add(
                        "a backlog of %d was asked for, but the kernel allows %d (sysctl net.core.somaxconn=%d lifts that)"
                                .formatted(settings.backlog, somaxconn, settings.backlog));
            }
        } catch (IOException | NumberFormatException e) {
            return warnings; // not Linux: what the backlog comes to cannot be told
        }
        return warnings;
    }

    private static String workers(Settings settings) {
        if (settings.workers.isVirtual()) {
            return "virtual threads";
        }
        return switch (settings.workers.threads()) {
            case 0 -> "messages handled on the selector thread";
            case 1 -> "1 worker";
            default -> settings.workers.threads() + " workers";
        };
    }

    private static String orAll(int limit) {
        return limit == Integer.MAX_VALUE ? "all" : Integer.toString(limit);
    }

    private static String seconds(long nanos) {
        return Duration.ofNanos(nanos).toMillis() / 1e3 + " s";
    }

    private static String options(NetworkChannel channel, SocketOption<?>... options) throws IOException {
        List<String> values = new ArrayList<>();
        for (SocketOption<?> option : options) {
            if (channel.supportedOptions().contains(option)) {
                values.add(option.name() + "=" + channel.getOption(option));
            }
        }
        return String.join(", ", values);
    }
}
