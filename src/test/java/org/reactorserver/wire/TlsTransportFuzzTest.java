package org.reactorserver.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.reactorserver.sim.FakeTls;

/**
 * Whatever a peer sends, and however it is cut, over a connection that takes little at a time: nothing but an
 * IOException is thrown, what is held is bounded, the transport goes on as long as there is something to go on with,
 * and the reader has what was right before the first fault and nothing else. The engine is {@link FakeTls}'s, whose
 * keys are no secret, so that the fuzzer can make records that are good.
 *
 * <p>{@code mvn test} repeats the inputs in {@code src/test/resources}. To look for others: {@code JAZZER_FUZZ=1 mvn -q
 * test -Dtest=TlsTransportFuzzTest}.
 */
@Tag("fuzz")
class TlsTransportFuzzTest {
    private static final int MOST = 4 * 1024;
    private static final int CAPACITY = 256; // less than the server's part of the handshake
    private static final int MOST_PASSES = 100_000;

    /** The first byte says which TLS, the second how to cut, the others what is sent: see {@link Peer#say}. */
    @FuzzTest(maxDuration = "5m")
    void whateverComes(byte[] input) throws IOException {
        if (input.length < 3 || input.length > MOST) {
            return;
        }
        ByteBuffer script = ByteBuffer.wrap(input);
        Peer peer = new Peer((script.get() & 1) == 0, script.get());
        while (script.hasRemaining() && !peer.isOver()) {
            peer.say(script);
        }
        peer.end();
    }

    /** What is right, and what is not, is known by the steps of {@link FakeTls}. */
    private static final class Peer {
        private final MemoryPipe pipe = new MemoryPipe(CAPACITY);
        private final ByteArrayOutputStream clear = new ByteArrayOutputStream();
        private final boolean is13;
        private final Random cuts;
        private final TlsSide server;
        private int number;
        private int steps; // of the handshake that it has made
        private boolean isSpoilt; // from there on nothing counts
        private boolean hasEmpty; // of which too many are a fault

        Peer(boolean is13, int seed) throws IOException {
            this.is13 = is13;
            this.cuts = new Random(seed);
            this.server = new TlsSide(pipe.left, FakeTls.engine(is13));
        }

        boolean isOver() {
            return server.ended || server.failure != null;
        }

        /** Takes a step, and as many bytes from the script as it needs. */
        void say(ByteBuffer script) throws IOException {
            int step = script.get() & 0xFF;
            int count = step >> 4;
            switch (step & 0xF) {
                case 0 -> handshake(FakeTls.HELLO, 0);
                case 1 -> handshake(FakeTls.FINISHED, 1);
                case 2 -> data(count);
                case 3 -> data(1 + 100 * count);
                case 4 -> alert(FakeTls.CLOSE_NOTIFY);
                case 5 -> alert(FakeTls.REFUSAL);
                case 6 -> tampered(count);
                case 7 -> {
                    byte[] garbage = new byte[Math.min(count, script.remaining())];
                    script.get(garbage);
                    isSpoilt |= garbage.length > 0;
                    send(garbage);
                }
                case 8 -> server.runTasks();
                case 9 -> pipe.right.steal();
                case 10 -> server.send(new byte[1 + 50 * count]);
                case 11 -> server.buffer = ByteBuffer.allocate(1 + 20 * count);
                case 12 -> server.end();
                default -> server.turn();
            }
        }

        private void handshake(byte[] said, int at) throws IOException {
            isSpoilt |= steps++ != at;
            record(FakeTls.HANDSHAKE, said);
        }

        private void data(int count) throws IOException {
            isSpoilt |= steps < 2;
            hasEmpty |= count == 0;
            byte[] said = new byte[count];
            cuts.nextBytes(said);
            if (!isSpoilt) {
                clear.writeBytes(said);
            }
            record(FakeTls.DATA, said);
        }

        private void alert(byte[] said) throws IOException {
            record(FakeTls.ALERT, said);
            isSpoilt = true;
        }

        private void tampered(int at) throws IOException {
            byte[] record = FakeTls.record(FakeTls.DATA, new byte[8], number++, is13);
            record[record.length - 1 - at % 10] ^=
                    (byte) (1 << at % 8); // behind the header, which the fake does not protect
            isSpoilt = true;
            send(record);
        }

        private void record(int type, byte[] said) throws IOException {
            send(FakeTls.record(type, said, number++, is13 && number > 1));
        }

        /** In pieces; if the server does not take them, what it waits for is done. */
        private void send(byte[] bytes) throws IOException {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            for (int i = 0; rest.hasRemaining() && !isOver(); i++) {
                int most = Math.min(rest.remaining(), 1 + cuts.nextInt(cuts.nextBoolean() ? 8 : 400));
                ByteBuffer piece = rest.slice().limit(most);
                pipe.right.write(piece);
                rest.position(rest.position() + piece.position());
                boolean isTaken = piece.position() > 0 || server.turn() || server.runTasks();
                isTaken |= pipe.right.steal().length > 0 || server.turn();
                assertThat(isTaken || isOver()).as("it takes what is sent").isTrue();
                assertThat(i).isLessThan(MOST_PASSES);
            }
        }

        /** Ends the stream. From there on everything ends with a reason. */
        void end() throws IOException {
            pipe.right.endOutput();
            boolean some = true;
            for (int i = 0; some; i++) {
                some = server.turn() | server.runTasks() | pipe.right.steal().length > 0;
                assertThat(i).isLessThan(MOST_PASSES);
            }
            assertThat(isOver()).as("it comes to an end").isTrue();
            assertThat(server.failure == null || server.failure instanceof TlsException)
                    .as("%s", server.failure)
                    .isTrue();
            byte[] said = clear.toByteArray();
            byte[] heard = server.received.toByteArray();
            boolean mayBeLess = hasEmpty || server.failure != null; // a write may fail before all is read
            assertThat(said).startsWith(heard);
            assertThat(heard.length == said.length || mayBeLess).isTrue();
            server.transport.close(false);
            assertThat(server.transport.heapBytes()).isZero();
        }
    }
}
