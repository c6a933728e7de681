package examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.reactorserver.ReactorServer;
import org.reactorserver.framing.Framing;
import org.reactorserver.testkit.RecordedSession;
import org.reactorserver.testkit.SimulatedServer;

class MetricsTest {
    private final Metrics metrics = new Metrics();

    @Test
    void countsWhatTheServerDoes() {
        SimulatedServer.seeds(20).check(simulation -> {
            Metrics own = new Metrics();
            ReactorServer server = simulation.start(ReactorServer.builder(Framing.lines())
                    .observer(own)
                    .handler((session, message) -> session.send(message)));
            simulation.client().send("a").send("b").end();
            simulation.client().send("c");
            simulation.settle();
            assertThat(own.scrape(server.stats()).lines())
                    .contains(
                            "server_sessions_open 1",
                            "server_connections_accepted_total 2",
                            "server_messages_read_total 3",
                            "server_replies_written_total 3",
                            "server_sessions_closed_total{reason=\"end_of_stream\"} 1",
                            "server_handler_seconds_count 3");
        });
    }

    @Test
    void timesAreInBucketsThatAddUp() {
        for (long millis : new long[] {0, 5, 5, 50, 5_000}) {
            metrics.handled(new RecordedSession(), TimeUnit.MILLISECONDS.toNanos(millis));
        }
        SimulatedServer.run(1, simulation -> {
            ReactorServer server =
                    simulation.start(ReactorServer.builder(Framing.lines()).handler((session, message) -> {}));
            assertThat(metrics.scrape(server.stats()).lines())
                    .containsSequence(
                            "server_handler_seconds_bucket{le=\"1.0E-4\"} 1",
                            "server_handler_seconds_bucket{le=\"0.001\"} 1",
                            "server_handler_seconds_bucket{le=\"0.01\"} 3",
                            "server_handler_seconds_bucket{le=\"0.1\"} 4",
                            "server_handler_seconds_bucket{le=\"1.0\"} 4",
                            "server_handler_seconds_bucket{le=\"+Inf\"} 5",
                            "server_handler_seconds_sum 5.060000",
                            "server_handler_seconds_count 5");
        });
    }
}
