package examples;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.reactorserver.ReactorServer;
import org.reactorserver.framing.Framing;
import org.reactorserver.metrics.Metrics;
import org.reactorserver.metrics.Registry;

/**
 * A server's numbers in a registry of one's own: here one that prints lines such as {@code reactor_stopping 0}. With
 * Micrometer it is as short: a {@code FunctionCounter}, a {@code Gauge} and a {@code DistributionSummary} for the
 * three kinds.
 */
public final class MetricsBinding implements Registry {
    private final Map<String, DoubleSupplier> numbers = new ConcurrentSkipListMap<>();

    @Override
    public void counter(String name, String help, LongSupplier value, String... labels) {
        numbers.put(name + "_total" + text(labels), value::getAsLong);
    }

    @Override
    public void gauge(String name, String help, DoubleSupplier value, String... labels) {
        numbers.put(name + text(labels), value);
    }

    @Override
    public void info(String name, String help, String... labels) {
        numbers.put(name + text(labels), () -> 1);
    }

    /** Of each, only the largest since it was last told. */
    @Override
    public LongConsumer histogram(String name, String help, Unit unit) {
        LongAccumulator largest = new LongAccumulator(Math::max, 0);
        double scale = unit == Unit.SECONDS ? 1e-9 : 1;
        numbers.put(name + "_max", () -> largest.getThenReset() * scale);
        return largest::accumulate;
    }

    private static String text(String... labels) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < labels.length; i += 2) {
            text.append(i == 0 ? '{' : ',').append(labels[i]).append('=').append(labels[i + 1]);
        }
        return labels.length == 0 ? "" : text.append('}').toString();
    }

    /** All of them now, a line each. Any thread. */
    public String lines() {
        StringBuilder lines = new StringBuilder();
        numbers.forEach((name, value) -> {
            double now = value.getAsDouble();
            lines.append(name).append(' ');
            lines.append(now == (long) now ? Long.toString((long) now) : Double.toString(now));
            lines.append('\n');
        });
        return lines.toString();
    }

    /** Serves at port 8888, and prints the numbers every ten seconds until the process is ended. */
    public static void main(String[] arguments) throws IOException {
        MetricsBinding binding = new MetricsBinding();
        ReactorServer.builder(Framing.lines())
                .port(8888)
                .handler((session, message) -> session.send("收到: " + message))
                .with(new Metrics(binding))
                .start();
        Executors.newSingleThreadScheduledExecutor()
                .scheduleAtFixedRate(() -> System.out.print(binding.lines()), 10, 10, TimeUnit.SECONDS);
    }
}
