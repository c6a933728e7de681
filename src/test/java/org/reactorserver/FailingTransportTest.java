package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.engine.EngineProbe;
import org.reactorserver.helper.TestKeys;
import org.reactorserver.wire.Tls;
import org.reactorserver.wire.Transport;

/** What becomes of a connection when one kind of call fails, and the others do not tell. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailingTransportTest {

    /** From here on this call fails for all that are connected now. */
    private static void fail(HandRun server, String call) {
        EngineProbe.interpose(server.engine(), transport -> failing(transport, call));
    }

    private static Transport failing(Transport transport, String call) {
        return (Transport) Proxy.newProxyInstance(
                Transport.class.getClassLoader(), new Class<?>[] {Transport.class}, (proxy, method, values) -> {
                    if (method.getName().equals(call)) {
                        throw new IOException(call + " fails (said by a test)");
                    }
                    try {
                        return method.invoke(transport, values);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** No read fails, nor finds the end. */
    @Test
    void whoCannotBeWrittenToIsLostOnceWhatHasArrivedIsRead() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            server.settle();
            fail(server, "write");
            server.read(client, "x\n");
            client.send("y\n");
            server.settle();
            assertThat(server.reason(1)).isEqualTo(CloseReason.CONNECTION_LOST);
            assertThat(server.stats().messagesHandled()).isEqualTo(2);
            assertThat(server.stats().repliesDropped()).isOne(); // the other one was not taken any more
        }
    }

    /** Nor does an event follow. */
    @Test
    void whoCannotBeWrittenToIsLostWithoutAnythingThatTellsOfIt() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            server.settle();
            fail(server, "write");
            server.read(client, "x\n");
            server.settle();
            assertThat(server.reason(1)).isEqualTo(CloseReason.CONNECTION_LOST);
        }
    }

    @Test
    void whoseAlertCannotBeFollowedByAnEndIsClosedAtOnce() throws Exception {
        Tls keys = Tls.pem(TestKeys.certificate("server"), TestKeys.key("server"));
        try (HandRun server = new HandRun(HandRun.echo().tls(keys));
                TestClient client = new TestClient(server.port())) {
            server.until("it is there", () -> server.registered() == 2);
            fail(server, "endOutput");
            client.send("\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0001"); // a ClientHello of one byte
            server.until("it is refused", () -> !server.witness.refused.isEmpty());
            server.settle();
            assertThat(server.witness.refused).containsExactly(CloseReason.HANDSHAKE_FAILED);
            assertThat(server.registered()).as("the listener alone").isOne();
        }
    }

    @Test
    void whoCannotBeReadInTheDrainIsLostAndKeepsNoOtherOneFromIt() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().activeSessions(1));
                TestClient served = server.connect();
                TestClient failing = server.connect()) {
            fail(server, "read");
            try (TestClient waiting = server.connect()) {
                server.drain(Duration.ofSeconds(10));
                assertThat(server.reason(2)).isEqualTo(CloseReason.CONNECTION_LOST);
                assertThat(server.reason(3)).isEqualTo(CloseReason.SERVER_SHUTDOWN);
                assertThat(waiting.rest()).isEmpty();
            }
            assertThat(List.of(served, failing)).hasSize(2);
        }
    }
}
