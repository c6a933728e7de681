package examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactorserver.ReactorServer;
import org.reactorserver.testkit.RecordedSession;
import org.reactorserver.testkit.SimulatedClient;
import org.reactorserver.testkit.SimulatedServer;

class MarketDataTest {
    private static final int PRICES = 200;

    @Test
    void aFastReaderGetsEveryPriceAndASlowOneTheNewest() {
        SimulatedServer.seeds(20).check(simulation -> {
            MarketData market = new MarketData();
            ReactorServer server = simulation.start(market.builder().highWater(1024));
            SimulatedClient fast = simulation.client();
            SimulatedClient slow = simulation.client().stall(Duration.ofSeconds(20));
            simulation.pass(Duration.ofSeconds(1));
            for (int price = 1; price <= PRICES; price++) {
                market.publish(server.sessions(), "A", price);
                market.publish(server.sessions(), "B", -price);
                simulation.pass(Duration.ofMillis(5));
            }
            simulation.settle();
            assertThat(fast.received()).hasSize(2 * PRICES);
            assertThat(slow.received()).contains("A " + PRICES, "B " + -PRICES);
        });
    }

    @Test
    void whatIsNotTakenIsReplaced() {
        MarketData market = new MarketData();
        RecordedSession session = new RecordedSession();
        market.onOpen(session);
        session.stall();
        for (int price = 1; price <= 10; price++) {
            market.publish(List.of(session), "A", price);
            market.publish(List.of(session), "B", -price);
        }
        assertThat(session.sent()).containsExactly("A 1");
        session.resume();
        market.onWritable(session);
        assertThat(session.sent()).containsExactly("A 1", "B -10", "A 10");
    }
}
