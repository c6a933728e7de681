package org.reactorserver.framing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One session's side of a decoder: what is read goes in, as far as there is room; messages come out. */
final class Receiver {
    static final int READ_SIZE = 1024;
    static final Text REPLACING = new Text(StandardCharsets.UTF_8, true);

    private final Decoder<String> decoder;
    private Residue residue;

    Receiver(Decoder<String> decoder) {
        this.decoder = decoder;
    }

    Receiver(Framing framing, int maxMessage) {
        this(new Decoder<>(framing, maxMessage, Text.UTF_8, READ_SIZE));
    }

    Receiver(Framing framing) {
        this(framing, READ_SIZE);
    }

    static Receiver replacing(Framing framing) {
        return new Receiver(new Decoder<>(framing, READ_SIZE, Receiver.REPLACING, READ_SIZE));
    }

    /** Reads the bytes in as few reads as there is room for, and takes every message. */
    List<String> read(byte... bytes) throws FramingException {
        List<String> messages = new ArrayList<>();
        int from = 0;
        do {
            int to = Math.min(bytes.length, from + decoder.room(residue));
            if (to == from && from < bytes.length) {
                throw new AssertionError("no room for byte " + from + " of " + bytes.length);
            }
            decoder.load(residue, ByteBuffer.wrap(bytes, from, to - from));
            for (String next = decoder.next(); next != null; next = decoder.next()) {
                messages.add(next);
            }
            residue = decoder.unload();
            from = to;
        } while (from < bytes.length);
        return messages;
    }

    List<String> read(String text) throws FramingException {
        return read(utf8(text));
    }

    /** The stream has ended. Returns the message that it leaves without its end, or null. */
    String end() throws FramingException {
        decoder.load(residue, ByteBuffer.allocate(0));
        residue = null;
        if (decoder.next() != null) {
            throw new AssertionError("a message was left over");
        }
        String last = decoder.last();
        residue = decoder.unload();
        return last;
    }

    /** Whether the end of the stream would now cut off a message. */
    boolean isInsideMessage() {
        return residue != null;
    }

    Residue residue() {
        return residue;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What the framing puts on the wire for these texts. */
    static byte[] wire(Framing framing, String... texts) {
        byte[][] payloads = Arrays.stream(texts).map(Receiver::utf8).toArray(byte[][]::new);
        return wire(framing, payloads);
    }

    /** What the framing puts on the wire for these payloads. */
    static byte[] wire(Framing framing, byte[]... payloads) {
        int size = 0;
        for (byte[] payload : payloads) {
            size += payload.length + framing.overhead(payload.length);
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        for (byte[] payload : payloads) {
            framing.put(payload, 0, out);
        }
        return out.array();
    }

    static byte[] concat(byte[]... parts) {
        int size = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteBuffer whole = ByteBuffer.allocate(size);
        for (byte[] part : parts) {
            whole.put(part);
        }
        return whole.array();
    }
}
