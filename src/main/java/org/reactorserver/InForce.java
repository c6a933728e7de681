package org.reactorserver;

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
import org.reactorserver.engine.Engine;
import org.reactorserver.limit.AccessList;
import org.reactorserver.option.Figures;
import org.reactorserver.option.Option;
import org.reactorserver.option.Options;
import org.reactorserver.option.Sizes;
import org.reactorserver.option.WorkerCount;
import org.reactorserver.session.Settings;
import org.reactorserver.text.Addresses;
import org.reactorserver.wire.Bound;
import org.reactorserver.wire.Endpoint;
import org.reactorserver.wire.Listen;

/** What a server's settings came to: sockets as the kernel has them, limits as they are. */
final class InForce {
    private static final Path SOMAXCONN = Path.of("/proc/sys/net/core/somaxconn");

    private InForce() {}

    /** By what they concern; what there is nothing to say of is not there. */
    static Map<String, String> describe(Settings settings, Engine engine) throws IOException {
        ServerSocketChannel listener = engine.listener();
        Map<String, String> values = new LinkedHashMap<>();
        values.put(
                "serving",
                "%s framing, %s, backlog %d".formatted(settings.spoken(), workers(settings.workers), settings.backlog));
        values.put("limits", limits(settings));
        values.put("deadlines", deadlines(settings));
        if (settings.listens.stream().anyMatch(InForce::isSpecial)) {
            values.put("endpoints", endpoints(settings, engine.bounds()));
        }
        if (engine.tls() != null) {
            values.put("TLS", engine.tls());
        }
        if (settings.listens.stream().anyMatch(Listen::proxy)) {
            values.put("PROXY headers", "required of " + text(Options.PROXY_TRUST, settings));
        }
        String access = access(settings, engine.clients());
        if (!access.isEmpty()) {
            values.put("access", access);
        }
        values.put(
                "listener",
                options(
                        listener,
                        StandardSocketOptions.SO_REUSEADDR,
                        StandardSocketOptions.SO_REUSEPORT,
                        StandardSocketOptions.SO_RCVBUF));
        try (SocketChannel probe = settings.provider.openSocketChannel()) {
            settings.setClientOptions(probe);
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

    private static boolean isSpecial(Listen listen) {
        return listen.tls() || listen.proxy() || listen.endpoint().kind() == Endpoint.Kind.UNIX;
    }

    private static String endpoints(Settings settings, List<Bound> bounds) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < bounds.size(); i++) {
            Listen listen = settings.listens.get(i);
            boolean isFile = listen.endpoint().kind() == Endpoint.Kind.UNIX;
            String mode = isFile ? " (mode 0%o)".formatted(listen.endpoint().mode()) : "";
            parts.add(bounds.get(i) + listen.spoken() + mode);
        }
        boolean arrives = settings.listens.stream().anyMatch(listen -> listen.tls() || listen.proxy());
        if (arrives) {
            parts.add("to arrive " + (settings.arrivalNanos == 0 ? "no limit" : seconds(settings.arrivalNanos)));
        }
        return String.join("; ", parts);
    }

    private static String access(Settings settings, AccessList clients) {
        List<String> parts = new ArrayList<>();
        if (clients != AccessList.OPEN) {
            parts.add(clients.toString());
        }
        Integer connects = settings.values.get(Options.CONNECT_RATE_PER_IP);
        if (connects != null) {
            parts.add("%d new connections a second from one address".formatted(connects));
        }
        Integer messages = settings.values.get(Options.MAX_MESSAGES_PER_SECOND);
        if (messages != null) {
            parts.add("%d messages a second of one session".formatted(messages));
        }
        return String.join("; ", parts);
    }

    private static String limits(Figures figures) {
        return "message %s, %d connections, %s from one address, %s active, "
                        .formatted(
                                size(figures.maxMessage),
                                figures.maxConnections,
                                orAll(figures.maxConnectionsPerIp),
                                orAll(figures.activeSessions))
                + "undecoded %s for all, replies waiting %s (no reading above), %s per session, %s for all"
                        .formatted(
                                size(figures.requestMemory),
                                size(figures.highWater),
                                size(figures.outboxLimit),
                                size(figures.replyMemory));
    }

    /** With its unit, also where that is a byte. */
    private static String size(long bytes) {
        String text = Sizes.text(bytes);
        return text.endsWith("B") ? text : text + " B";
    }

    private static String deadlines(Figures figures) {
        return "rest of a message %s, replies not taken %s, idle %s, lingering %s%s%s"
                .formatted(
                        seconds(figures.messageNanos),
                        seconds(figures.writeNanos),
                        figures.idleNanos == 0 ? "never" : seconds(figures.idleNanos),
                        seconds(figures.lingerNanos),
                        figures.readIdleNanos == 0 ? "" : ", read idle " + seconds(figures.readIdleNanos),
                        figures.writeIdleNanos == 0 ? "" : ", write idle " + seconds(figures.writeIdleNanos));
    }

    /** What was asked for and cannot be had in full. */
    static List<Notice> notices(Settings settings, InetSocketAddress address) {
        List<Notice> notices = new ArrayList<>();
        InetSocketAddress target = settings.announceTo;
        if (target != null
                && address != null
                && address.getAddress().isLoopbackAddress()
                && !target.getAddress().isLoopbackAddress()) {
            notices.add(new Notice(
                    Notice.Kind.ANNOUNCED_IN_VAIN,
                    "%s is announced to %s, where nobody can connect to it"
                            .formatted(address.getHostString(), Addresses.text(target))));
        }
        Integer connections = settings.values.get(Options.MAX_CONNECTIONS);
        if (connections != null && connections > settings.maxConnections) {
            int files = settings.maxConnections + Figures.FILES_KEPT_BACK;
            notices.add(new Notice(
                    Notice.Kind.FEWER_CONNECTIONS,
                    ("%d connections were asked for, but only %d files may be open: %d connections are allowed"
                                    + " (ulimit -n %d lifts that)")
                            .formatted(
                                    connections,
                                    files,
                                    settings.maxConnections,
                                    (long) connections + Figures.FILES_KEPT_BACK)));
        }
        if (settings.maxMessage > settings.requestMemory) {
            notices.add(new Notice(
                    Notice.Kind.MESSAGES_TOO_LONG_FOR_MEMORY,
                    "messages of %s are allowed, but what is not decoded may take %s of memory: longer ones are refused"
                            .formatted(text(Options.MAX_MESSAGE, settings), settings.requestMemory + " B")));
        }
        int somaxconn = somaxconn();
        if (settings.backlog > somaxconn) {
            notices.add(new Notice(
                    Notice.Kind.SHORTER_BACKLOG,
                    "a backlog of %d was asked for, but the kernel allows %d (sysctl net.core.somaxconn=%d lifts that)"
                            .formatted(settings.backlog, somaxconn, settings.backlog)));
        }
        return List.copyOf(notices);
    }

    private static int somaxconn() {
        try {
            return Integer.parseInt(Files.readAllLines(SOMAXCONN).get(0).trim());
        } catch (IOException | NumberFormatException e) {
            return Integer.MAX_VALUE; // not Linux: what the backlog comes to cannot be told
        }
    }

    private static <T> String text(Option<T> option, Figures figures) {
        return option.text(figures.values.get(option));
    }

    private static String workers(WorkerCount workers) {
        if (workers.isVirtual()) {
            return "virtual threads";
        }
        return switch (workers.threads()) {
            case 0 -> "messages handled on the selector thread";
            case 1 -> "1 worker";
            default -> workers.threads() + " workers";
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
