package org.reactorserver.metrics;

import java.net.SocketAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.reactorserver.CloseReason;

/** Why connections ended in the last minute, or were turned away. Any thread. */
public final class Ends {
    private final LastMinute<Map<CloseReason, Ended>> seconds =
            new LastMinute<>(() -> new EnumMap<>(CloseReason.class));

    /**
     * Connections that ended for the same reason.
     *
     * @param last whose the last one was; null if that is not known
     */
    public record Ended(CloseReason reason, long count, SocketAddress last) {
        private Ended and(Ended later) {
            return new Ended(reason, count + later.count, later.last);
        }
    }

    Ends() {}

    synchronized void add(CloseReason reason, SocketAddress peer, long now) {
        seconds.at(now).merge(reason, new Ended(reason, 1, peer), Ended::and);
    }

    /** Those of the last minute, in the order of the reasons. */
    public synchronized List<Ended> recent(long now) {
        Map<CloseReason, Ended> all = new EnumMap<>(CloseReason.class);
        for (Map<CloseReason, Ended> each : seconds.recent(now)) {
            each.forEach((reason, ended) -> all.merge(reason, ended, Ended::and));
        }
        return List.copyOf(all.values());
    }
}
