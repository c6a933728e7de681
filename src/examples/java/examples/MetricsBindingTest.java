package examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.reactorserver.ReactorServer;
import org.reactorserver.framing.Framing;
import org.reactorserver.metrics.Metrics;
import org.reactorserver.metrics.Registry;

class MetricsBindingTest {
    private final MetricsBinding binding = new MetricsBinding();

    @Test
    void tellsWhatTheServerDoes() throws Exception {
        try (ReactorServer server = ReactorServer.builder(Framing.lines())
                .port(0)
                .handler((session, message) -> session.send(message))
                .with(new Metrics(binding))
                .start()) {
            assertThat(server.isRunning()).isTrue();
            assertThat(binding.lines().lines())
                    .contains("reactor_stopping 0")
                    .anyMatch(line -> line.matches("reactor_loop_sleeps_total [0-9]+"))
                    .anyMatch(line -> line.startsWith("reactor_build{version="));
        }
    }

    @Test
    void ofAHistogramItKeepsTheLargestUntilThatIsTold() {
        LongConsumer seconds = binding.histogram("t_seconds", "how long", Registry.Unit.SECONDS);
        seconds.accept(2_000_000_000L);
        seconds.accept(1);
        assertThat(binding.lines()).isEqualTo("t_seconds_max 2\n");
        assertThat(binding.lines()).isEqualTo("t_seconds_max 0\n");
    }
}
