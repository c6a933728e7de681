package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import example.DeviceFraming;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.reactorserver.framing.Binary;
import org.reactorserver.framing.Framing;
import org.reactorserver.framing.FramingException;
import org.reactorserver.option.OptionException;
import org.reactorserver.testkit.net.FakeNetwork;
import org.reactorserver.testkit.net.Wire;
import org.reactorserver.testkit.net.World;

/** A server with a framing that is not ours, or with a charset that is not UTF-8. */
class FramingsOfUsersTest {
    private static final MessageHandler ECHO = Session::send;

    private static ReactorServer.Builder server(Framing framing) {
        return ReactorServer.builder(framing).port(0).handler(ECHO);
    }

    private static byte[] device(String text) {
        Framing framing = new DeviceFraming();
        byte[] payload = framing.encode(text.getBytes(StandardCharsets.UTF_8), Binary.INSTANCE);
        ByteBuffer out = ByteBuffer.allocate(payload.length + framing.overhead(payload.length));
        framing.put(payload, 0, out);
        return out.array();
    }

    @Test
    void itServes() throws Exception {
        try (ReactorServer server = server(new DeviceFraming()).start();
                TestClient client = new TestClient(server.port())) {
            client.send(device("你好")).endOutput();
            assertThat(client.bytes()).isEqualTo(device("你好"));
        }
    }

    @Test
    void whatHasNotItsFormIsRefused() throws Exception {
        Witness witness = new Witness();
        try (ReactorServer server =
                        server(new DeviceFraming()).observer(witness).start();
                TestClient client = new TestClient(server.port())) {
            byte[] damaged = device("ok");
            damaged[3] ^= 1;
            client.send(damaged);
            assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.MALFORMED_MESSAGE);
        }
    }

    /** One that fails at a message "bad", after others that came with it. */
    private static final class Failing extends Framing {
        Failing() {
            super("failing", (byte) '\n');
        }

        @Override
        protected void next(Input input) throws FramingException {
            int end = input.find((byte) '\n');
            if (end > 0 && input.get(0) == '!') {
                throw new IllegalStateException("a defect of this framing");
            }
            if (end >= 0) {
                input.message(0, end, end + 1);
            }
        }
    }

    @Test
    void oneThatFailsHarmsOnlyTheSessionAndNobodyGetsItsMessages() throws Exception {
        Witness witness = new Witness();
        try (ReactorServer server = server(new Failing()).observer(witness).start();
                TestClient other = new TestClient(server.port());
                TestClient client = new TestClient(server.port())) {
            client.send("one\ntwo\n!bad\n".getBytes(StandardCharsets.UTF_8));
            assertThat(witness.awaitClosed(2)).isEqualTo(CloseReason.INTERNAL_ERROR);
            other.send("mine\n".getBytes(StandardCharsets.UTF_8));
            assertThat(other.line()).isEqualTo("mine");
        }
    }

    @Test
    void linesInGbk() throws Exception {
        Charset gbk = Charset.forName("GBK");
        try (ReactorServer server = server(Framing.lines()).charset(gbk).start();
                TestClient client = new TestClient(server.port())) {
            byte[] line = "收到客户端信息\n".getBytes(gbk);
            client.send(line).endOutput();
            assertThat(client.bytes()).isEqualTo(line);
        }
    }

    @Test
    void pairsThatCannotWorkAreRefusedWhenTheServerIsBuilt() {
        assertThatThrownBy(() -> server(Framing.lines())
                        .charset(StandardCharsets.UTF_16LE)
                        .start())
                .isInstanceOf(OptionException.class)
                .hasMessage("charset must be one in which LF and CR are the bytes 0a and 0d and these are no part of"
                        + " another character, since line framing looks for them, not UTF-16LE");
        assertThatThrownBy(() -> server(Framing.chunks()).charset(Charset.forName("ISO-2022-CN")))
                .hasMessage("charset must be a charset that can also encode, not ISO-2022-CN");
    }

    @Test
    void aFramingThatFailsWhenADeadlineReadsEndsItsSession() throws Exception {
        FakeNetwork network = new FakeNetwork(new World() {});
        ReactorServer.Builder builder = ReactorServer.builder(new Failing())
                .handler((MessageHandler) Session::send)
                .idleTimeout(Duration.ofSeconds(1))
                .selectorProvider(network);
        try (HandRun server = new HandRun(builder)) {
            Wire wire = new Wire(new InetSocketAddress("127.0.0.2", 10_000), 5_000, 5_000);
            assertThat(network.listeners().get(0).offer(wire)).isTrue();
            server.until("served", () -> server.witness.connected.size() == 1);
            server.engine().observe(new ServerObserver() {
                @Override
                public void deadlinePassed(Session session, String deadline) {
                    arrive(wire, "!X\n"); // so that it is the deadline that reads it
                }
            });
            server.advance(Duration.ofSeconds(1));
            assertThat(server.reason(1)).isEqualTo(CloseReason.INTERNAL_ERROR);
        }
    }

    private static void arrive(Wire wire, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            wire.peer.write(ByteBuffer.wrap(bytes), bytes.length);
            wire.peer.transfer(bytes.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
