package org.reactorserver.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.reactorserver.CloseReason;
import org.reactorserver.Inspection;
import org.reactorserver.ReactorServer;
import org.reactorserver.ServerStats;
import org.reactorserver.framing.Framing;

/** What there is to know of a server is in its registry. */
class MetricsTest {

    /** Keeps the counters, and drops the rest. */
    private static final class Counters implements Registry {
        private final List<LongSupplier> all = new ArrayList<>();

        @Override
        public void counter(String name, String help, LongSupplier value, String... labels) {
            all.add(value);
        }

        @Override
        public void gauge(String name, String help, DoubleSupplier value, String... labels) {}

        @Override
        public void info(String name, String help, String... labels) {}

        @Override
        public LongConsumer histogram(String name, String help, Unit unit) {
            return value -> {};
        }
    }

    @Test
    void everyCounterOfTheServerIsThere() {
        Map<String, Long> values = new TreeMap<>(); // each has its own
        for (Method method : ServerStats.class.getMethods()) {
            boolean isGauge = method.getName().endsWith("BytesWaiting");
            if (method.getReturnType() == long.class && !isGauge) {
                values.put(method.getName(), 1_000_000_007L + values.size());
            }
        }
        Map<CloseReason, Long> closed = new TreeMap<>();
        for (CloseReason reason : CloseReason.values()) {
            closed.put(reason, 2_000_000_011L + reason.ordinal());
        }
        ServerStats stats =
                proxy(ServerStats.class, method -> method.equals("closed") ? closed : values.getOrDefault(method, 0L));
        Counters counters = new Counters();
        Metrics metrics = new Metrics(counters);
        metrics.attach(ReactorServer.builder(Framing.lines()).figures(), System::nanoTime);
        metrics.started(proxy(Inspection.class, method -> method.equals("stats") ? stats : null));
        List<Long> shown = counters.all.stream().map(LongSupplier::getAsLong).toList();
        assertThat(values).isNotEmpty();
        values.forEach((name, value) -> assertThat(shown).as(name).contains(value));
        assertThat(shown).containsAll(closed.values());
    }

    private interface Answers {
        Object of(String method);
    }

    private static <T> T proxy(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answers.of(method.getName())));
    }
}
