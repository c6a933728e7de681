package org.reactorserver.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.reactorserver.framing.Binary;
import org.reactorserver.framing.Decoder;
import org.reactorserver.framing.Framing;
import org.reactorserver.framing.FramingException;
import org.reactorserver.framing.Residue;

/**
 * What every framing must keep, one's own too: however the network cuts the stream the messages are the same, a frame
 * can be written in any pieces, the limit of a message holds, nothing is held for what is only promised, and whatever a
 * peer sends, nothing but a {@link FramingException} comes of it.
 *
 * <pre>{@code
 * FramingContract.check(new MyFraming());
 * }</pre>
 */
public final class FramingContract {
    private static final int MAX = 64;
    private static final int READ_SIZE = 256;
    private static final int LARGE = 1 << 20;
    private static final int LONGEST_MIDDLE = 10; // longer than most heads and tails, so that each is cut twice
    private static final int ROUNDS = 2_000;
    private static final int HEAP_OF_LITTLE = 40 + 16 + 64;

    private final Framing framing;
    private final List<byte[]> payloads = new ArrayList<>();
    private final boolean joins; // it has no ends, so one cannot tell where a message was

    private final IntFunction<byte[]> ofLength;

    private FramingContract(Framing framing, IntFunction<byte[]> ofLength) {
        this.framing = framing;
        this.ofLength = ofLength;
        Received two = new Received(MAX);
        two.read(wire(List.of(ofLength.apply(MAX / 2), ofLength.apply(MAX / 2))));
        this.joins = two.messages.size() == 1;
        List<byte[]> candidates = new ArrayList<>();
        candidates.add(new byte[0]);
        for (String text :
                List.of("a", "hello", "{\"a\":[1,{}],\"b\":\"}\"}", "12 34", "\r", "\n", "a\r", "\"\\", "\0")) {
            candidates.add(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        for (int value = 0; value < 256; value += 32) {
            byte[] some = new byte[32];
            for (int i = 0; i < some.length; i++) {
                some[i] = (byte) (value + i);
            }
            candidates.add(some);
        }
        candidates.add(ofLength.apply(MAX / 2));
        candidates.add(ofLength.apply(MAX));
        for (byte[] candidate : candidates) {
            try {
                framing.encode(candidate, Binary.INSTANCE);
                payloads.add(candidate);
            } catch (IllegalArgumentException e) {
                continue; // it cannot be a message of this framing
            }
        }
    }

    /**
     * Checks a framing.
     *
     * @throws AssertionError if it does not keep the contract; says which bytes, cut where
     */
    public static void check(Framing framing) {
        check(framing, FramingContract::filled);
    }

    /**
     * Checks a framing that does not take any payload.
     *
     * @param ofLength makes a payload of so many bytes that the framing takes
     * @throws AssertionError if it does not keep the contract; says which bytes, cut where
     */
    public static void check(Framing framing, IntFunction<byte[]> ofLength) {
        FramingContract contract = new FramingContract(framing, ofLength);
        contract.require(contract.payloads.size() >= 2, "it takes hardly any payload of those that are tried");
        contract.checkPiecesOfFrames();
        contract.checkSplits();
        contract.checkLimit();
        contract.checkPromises();
        contract.checkNoise();
    }

    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 'a');
        return bytes;
    }

    private void require(boolean condition, String otherwise, Object... arguments) {
        if (!condition) {
            throw new AssertionError(framing + " framing: " + otherwise.formatted(arguments));
        }
    }

    private byte[] wire(List<byte[]> messages) {
        List<byte[]> sealed = new ArrayList<>();
        int size = 0;
        for (byte[] message : messages) {
            byte[] payload = framing.encode(message, Binary.INSTANCE);
            sealed.add(payload);
            size += payload.length + framing.overhead(payload.length);
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        for (byte[] payload : sealed) {
            int put = framing.put(payload, 0, out);
            require(put == payload.length + framing.overhead(payload.length), "a frame has %d bytes", put);
        }
        return out.array();
    }

    private void checkPiecesOfFrames() {
        for (byte[] message : payloads) {
            byte[] frame = wire(List.of(message));
            byte[] payload = framing.encode(message, Binary.INSTANCE);
            for (int offset = 0; offset <= frame.length; offset++) {
                for (int room = 0; room <= frame.length - offset + 1; room++) {
                    ByteBuffer out = ByteBuffer.allocate(room);
                    int put = framing.put(payload, offset, out);
                    int expected = Math.min(room, frame.length - offset);
                    require(
                            put == expected
                                    && out.position() == expected
                                    && Arrays.equals(out.array(), 0, put, frame, offset, offset + put),
                            "a frame of %d bytes is not put right from %d on into %d",
                            frame.length,
                            offset,
                            room);
                }
            }
        }
    }

    private void checkSplits() {
        byte[] stream = wire(payloads);
        for (int i = 0; i <= stream.length; i++) {
            for (int j = i; j <= Math.min(stream.length, i + LONGEST_MIDDLE); j++) {
                checkSplit(stream, i, j);
            }
        }
        Received bytewise = new Received(MAX);
        for (byte each : stream) {
            bytewise.read(each);
        }
        bytewise.requireSame(payloads, "one byte at a time");
    }

    private void checkSplit(byte[] stream, int i, int j) {
        Received received = new Received(MAX);
        received.read(Arrays.copyOfRange(stream, 0, i));
        received.read(Arrays.copyOfRange(stream, i, j));
        received.read(Arrays.copyOfRange(stream, j, stream.length));
        received.requireSame(payloads, "split at " + i + " and " + j);
    }

    private void checkLimit() {
        if (joins) {
            return;
        }
        byte[] stream = wire(List.of(ofLength.apply(MAX + 1)));
        for (int split = 0; split <= stream.length; split++) {
            Received received = new Received(MAX);
            received.read(Arrays.copyOfRange(stream, 0, split));
            received.read(Arrays.copyOfRange(stream, split, stream.length));
            require(
                    received.refusal == FramingException.Kind.MESSAGE_TOO_LARGE && received.messages.isEmpty(),
                    "a message of one byte more than allowed, split at %d: %s",
                    split,
                    received.refusal);
        }
    }

    private void checkPromises() {
        byte[] stream = wire(List.of(ofLength.apply(joins ? 1 : LARGE)));
        Received received = new Received(LARGE);
        for (int i = 0; i < Math.min(stream.length, 3_000); i++) {
            received.read(stream[i]);
            long most = HEAP_OF_LITTLE + 2L * (i + 1);
            require(received.decoder.held() <= most, "%d bytes held for %d", received.decoder.held(), i + 1);
        }
    }

    private void checkNoise() {
        Random random = new Random(20260301);
        byte[] good = wire(payloads);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] stream = Arrays.copyOf(good, random.nextInt(Math.min(good.length, READ_SIZE)));
            for (int damaged = random.nextInt(4); damaged > 0 && stream.length > 0; damaged--) {
                stream[random.nextInt(stream.length)] = (byte) random.nextInt(256);
            }
            Received atOnce = new Received(MAX);
            atOnce.read(stream);
            Received inPieces = new Received(MAX);
            for (int from = 0; from < stream.length; ) {
                int to = Math.min(stream.length, from + 1 + random.nextInt(20));
                inPieces.read(Arrays.copyOfRange(stream, from, to));
                from = to;
            }
            require(inPieces.refusal == atOnce.refusal, "%s or %s", atOnce.refusal, inPieces.refusal);
            inPieces.requireSame(atOnce.messages, Arrays.toString(stream));
        }
    }

    /** One session's side of a decoder. */
    private final class Received {
        private final Decoder<byte[]> decoder;
        private final List<byte[]> messages = new ArrayList<>();
        private Residue residue;
        private FramingException.Kind refusal;

        Received(int maxMessage) {
            decoder = new Decoder<>(framing, maxMessage, Binary.INSTANCE, READ_SIZE);
        }

        void read(byte... bytes) {
            try {
                for (int from = 0; from < bytes.length && refusal == null; ) {
                    int count = Math.min(bytes.length - from, decoder.room(residue));
                    require(count > 0, "there is no room for the rest of a message");
                    decoder.load(residue, ByteBuffer.wrap(bytes, from, count));
                    for (byte[] next = decoder.next(); next != null; next = decoder.next()) {
                        messages.add(next);
                    }
                    residue = decoder.unload();
                    from += count;
                }
            } catch (FramingException e) {
                refusal = e.kind();
                residue = null;
            }
            long held = residue == null ? 0 : residue.heapBytes();
            require(decoder.held() == held, "%d bytes are held and %d counted", held, decoder.held());
        }

        void requireSame(List<byte[]> expected, String how) {
            boolean isSame = joins
                    ? Arrays.equals(joined(messages), joined(expected))
                    : Arrays.deepEquals(messages.toArray(), expected.toArray());
            require(isSame, "%d other messages instead of %d: %s", messages.size(), expected.size(), how);
        }

        private byte[] joined(List<byte[]> parts) {
            ByteBuffer whole = ByteBuffer.allocate(
                    parts.stream().mapToInt(part -> part.length).sum());
            parts.forEach(whole::put);
            return whole.array();
        }
    }
}
