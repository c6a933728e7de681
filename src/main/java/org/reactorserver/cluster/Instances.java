package org.reactorserver.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The other instances that have been heard, by their numbers. Any thread. */
final class Instances {
    /** So many are remembered; those that have been silent the longest are forgotten first. */
    private static final int MOST = 1_000;

    /** After so many deadlines of silence nothing is known of one any more. */
    private static final int FORGOTTEN_AFTER = 100;

    private final long deadlineNanos;
    private final ClusterListener listener;
    private final Map<Long, Instance> all = new ConcurrentHashMap<>();

    private static final class Instance {
        private volatile String name;
        private volatile long lastHeard;
        private volatile boolean isThere;

        Instance(long number) {
            name = Long.toHexString(number);
        }
    }

    Instances(long deadlineNanos, ClusterListener listener) {
        this.deadlineNanos = deadlineNanos;
        this.listener = listener;
    }

    /** Something of it has come in. */
    void heard(Frame frame, long now) {
        Instance instance = all.computeIfAbsent(frame.sender(), Instance::new);
        instance.lastHeard = now;
        if (frame.kind() == Frame.Kind.BYE) {
            leaves(instance);
        } else if (frame.kind() == Frame.Kind.ALIVE) {
            instance.name = frame.text();
            if (!instance.isThere) {
                instance.isThere = true;
                listener.instanceCame(instance.name);
            }
        }
    }

    /**
     * Those that have been silent for too long are there no more. Returns the numbers of those that are forgotten now.
     */
    List<Long> silence(long now) {
        List<Long> forgotten = new ArrayList<>();
        all.forEach((number, instance) -> {
            long silent = now - instance.lastHeard;
            if (silent > deadlineNanos) {
                leaves(instance);
            }
            if (silent > FORGOTTEN_AFTER * deadlineNanos) {
                forgotten.add(number);
            }
        });
        if (all.size() - forgotten.size() > MOST) {
            all.entrySet().stream()
                    .filter(each -> !each.getValue().isThere)
                    .sorted(Comparator.comparingLong(each -> each.getValue().lastHeard))
                    .limit(all.size() - MOST)
                    .forEach(each -> forgotten.add(each.getKey()));
        }
        forgotten.forEach(all::remove);
        return forgotten;
    }

    private void leaves(Instance instance) {
        if (instance.isThere) {
            instance.isThere = false;
            listener.instanceLeft(instance.name);
        }
    }

    boolean isThere(long number) {
        Instance instance = all.get(number);
        return instance != null && instance.isThere;
    }

    String name(long number) {
        Instance instance = all.get(number);
        return instance == null ? Long.toHexString(number) : instance.name;
    }

    int count() {
        return (int) all.values().stream().filter(each -> each.isThere).count();
    }

    /** The names of those that are there. */
    List<String> names() {
        return all.values().stream()
                .filter(each -> each.isThere)
                .map(each -> each.name)
                .sorted()
                .toList();
    }
}
