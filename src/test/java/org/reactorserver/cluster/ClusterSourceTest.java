package org.reactorserver.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.ReactorServer;
import org.reactorserver.admin.Admin;
import org.reactorserver.framing.Framing;
import org.reactorserver.helper.Await;
import org.reactorserver.helper.ChildProcess;
import org.reactorserver.testkit.MemoryBus;
import org.reactorserver.wire.Endpoint;

/** The bus, as who looks after the server is told of it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterSourceTest {
    private final Admin admin = Admin.at(Endpoint.tcp("127.0.0.1", 0));

    private String get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + admin.address().getPort() + path);
        HttpRequest request = HttpRequest.newBuilder(uri).build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void metricsAndDoctorTellHowItIs() throws Exception {
        MemoryBus bus = new MemoryBus();
        try (ReactorServer server = ReactorServer.builder(Framing.lines())
                        .host("127.0.0.1")
                        .port(0)
                        .handler((session, message) -> {})
                        .with(admin)
                        .start();
                SharedGroups shared = SharedGroups.over(bus.connection("one")).start(server)) {
            admin.telling(new ClusterSource(shared));
            Await.until(
                    "all is there",
                    ChildProcess.PATIENCE,
                    () -> admin.address() != null && shared.stats().busUp());
            assertThat(get("/doctor")).doesNotContain("the bus");
            assertThat(get("/metrics")).contains("\nreactor_bus_up 1\n", "\nreactor_bus_messages_missed_total 0\n");
            bus.stop();
            shared.group("room").send("to nobody");
            assertThat(get("/metrics"))
                    .contains("\nreactor_bus_up 0\n", "\nreactor_bus_messages_unpublished_total 1\n")
                    .contains("\nreactor_bus_interruptions_total 1\n");
            assertThat(get("/doctor"))
                    .contains("the bus memory:one is not there: what is sent to shared groups stays here\n")
                    .contains("the bus was not given 1 message: it was not there, or too many waited\n");
        }
    }
}
