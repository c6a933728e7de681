package org.reactorserver.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.reactorserver.metrics.Registry;
import org.reactorserver.metrics.Source;
import org.reactorserver.text.Plural;

/**
 * The numbers and the troubles of shared groups, where the server tells its own: {@code admin.telling(new
 * ClusterSource(shared))}.
 */
public final class ClusterSource implements Source {
    private final SharedGroups shared;

    /** Of these. */
    public ClusterSource(SharedGroups shared) {
        this.shared = shared;
    }

    @Override
    public void register(Registry registry) {
        registry.gauge(
                "reactor_bus_up",
                "1 while the bus is there.",
                () -> shared.stats().busUp() ? 1 : 0);
        registry.gauge(
                "reactor_bus_instances",
                "Other instances that are heard.",
                () -> shared.stats().instances());
        registry.gauge(
                "reactor_bus_groups",
                "Shared groups that are known here.",
                () -> shared.stats().groups());
        registry.gauge(
                "reactor_bus_waiting_bytes",
                "Heap that holds what waits for the bus.",
                () -> shared.stats().waitingBytes());
        counter(registry, "published", "Messages given to the bus.", ClusterStats::published);
        counter(registry, "unpublished", "Messages that the bus was not given.", ClusterStats::unpublished);
        counter(registry, "received", "Messages from other instances.", ClusterStats::received);
        counter(registry, "missed", "Messages from other instances that did not come through.", ClusterStats::missed);
        counter(registry, "stale", "Messages that came twice or too late.", ClusterStats::stale);
        counter(registry, "unreadable", "Messages that could not be sent on.", ClusterStats::unreadable);
        counter(registry, "interruptions", "How often the bus has gone.", ClusterStats::interruptions);
    }

    private void counter(Registry registry, String name, String help, ToLongFunction<ClusterStats> value) {
        String full = name.equals("interruptions") ? "reactor_bus_interruptions" : "reactor_bus_messages_" + name;
        registry.counter(full, help, () -> value.applyAsLong(shared.stats()));
    }

    @Override
    public List<String> troubles() {
        ClusterStats stats = shared.stats();
        List<String> troubles = new ArrayList<>();
        if (!stats.busUp()) {
            troubles.add("the bus %s is not there: what is sent to shared groups stays here".formatted(shared.bus()));
        }
        if (stats.missed() > 0) {
            troubles.add("%s of other instances did not come through the bus"
                    .formatted(Plural.of(stats.missed(), "message")));
        }
        if (stats.unpublished() > 0) {
            troubles.add("the bus was not given %s: it was not there, or too many waited"
                    .formatted(Plural.of(stats.unpublished(), "message")));
        }
        return troubles;
    }
}
