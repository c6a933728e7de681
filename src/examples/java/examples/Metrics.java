package examples;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.reactorserver.ReactorServer;
import org.reactorserver.ServerObserver;
import org.reactorserver.ServerStats;
import org.reactorserver.Session;
import org.reactorserver.framing.Framing;

/**
 * What a server does, in the text format that Prometheus reads. Counters and gauges are the server's own; how long handlers take an
 * observer adds up. The same two sources feed Micrometer: a gauge for each figure of the stats, a timer in {@code handled}.
 */
public final class Metrics implements ServerObserver {
    /** Upper ends of the buckets, in seconds. */
    private static final double[] BUCKETS = {0.0001, 0.001, 0.01, 0.1, 1, Double.POSITIVE_INFINITY};

    private final LongAdder[] counts = new LongAdder[BUCKETS.length];
    private final LongAdder nanos = new LongAdder();

    /** Nothing is counted yet. */
    public Metrics() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /** On a worker, after each message: cheap, and without a lock that workers would wait for. */
    @Override
    public void handled(Session session, long took) {
        int bucket = 0;
        while (took > BUCKETS[bucket] * 1e9) {
            bucket++;
        }
        counts[bucket].increment();
        nanos.add(took);
    }

    /** All of it, for a scrape. Any thread. */
    public String scrape(ServerStats stats) {
        StringBuilder out = new StringBuilder();
        gauge(out, "sessions_open", stats.open());
        gauge(out, "requests_held", stats.held());
        gauge(out, "reply_bytes_waiting", stats.replyBytesWaiting());
        counter(out, "connections_accepted", stats.accepted());
        counter(out, "messages_read", stats.messagesRead());
        counter(out, "messages_dropped", stats.messagesDropped());
        counter(out, "replies_written", stats.repliesWritten());
        out.append("# TYPE server_sessions_closed_total counter\n");
        stats.closed()
                .forEach((reason, count) -> out.append("server_sessions_closed_total{reason=\"")
                        .append(reason.name().toLowerCase(Locale.ROOT))
                        .append("\"} ")
                        .append(count)
                        .append('\n'));
        histogram(out);
        return out.toString();
    }

    private static void gauge(StringBuilder out, String name, long value) {
        out.append("# TYPE server_%s gauge\nserver_%s %d\n".formatted(name, name, value));
    }

    private static void counter(StringBuilder out, String name, long value) {
        out.append("# TYPE server_%s_total counter\nserver_%s_total %d\n".formatted(name, name, value));
    }

    private void histogram(StringBuilder out) {
        out.append("# TYPE server_handler_seconds histogram\n");
        long count = 0;
        for (int i = 0; i < BUCKETS.length; i++) {
            count += counts[i].sum();
            String end = BUCKETS[i] == Double.POSITIVE_INFINITY ? "+Inf" : String.valueOf(BUCKETS[i]);
            out.append("server_handler_seconds_bucket{le=\"%s\"} %d\n".formatted(end, count));
        }
        out.append(String.format(Locale.ROOT, "server_handler_seconds_sum %.6f\n", nanos.sum() / 1e9));
        out.append("server_handler_seconds_count %d\n".formatted(count));
    }

    /** Serves at port 8888, and prints the metrics at its end. */
    public static void main(String[] arguments) throws IOException {
        Metrics metrics = new Metrics();
        ReactorServer server = ReactorServer.builder(Framing.lines())
                .port(8888)
                .observer(metrics)
                .handler((session, message) -> session.send("收到: " + message))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.print(metrics.scrape(server.stats()))));
    }
}
