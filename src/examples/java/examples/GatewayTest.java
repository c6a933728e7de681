package examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.reactorserver.testkit.SimulatedClient;
import org.reactorserver.testkit.SimulatedServer;

class GatewayTest {

    @Test
    void answersInOrderWhatIsAnsweredInAnyOrderAndWhatFails() {
        SimulatedServer.seeds(100).check(simulation -> {
            Executor farAway = simulation.executor(Duration.ofSeconds(1));
            simulation.start(new Gateway(request -> CompletableFuture.supplyAsync(
                            () -> {
                                if (request.equals("bad")) {
                                    throw new IllegalStateException("on purpose");
                                }
                                return request + " is answered";
                            },
                            farAway))
                    .builder());
            SimulatedClient client =
                    simulation.client().send("1").send("bad").send("3").end();
            SimulatedClient other = simulation.client().send("a").misbehave().send("b");
            simulation.settle();
            assertThat(client.received()).containsExactly("1 is answered", "error: bad", "3 is answered");
            assertThat(client.sawEnd()).isTrue();
            assertThat(other.received()).hasSizeLessThanOrEqualTo(2);
        });
    }
}
