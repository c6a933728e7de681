package org.reactorserver.load.plan;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.reactorserver.framing.Framing;
import org.reactorserver.load.protocol.Extent;
import org.reactorserver.load.protocol.ReplyEnd;

/**
 * What is sent and which reply is expected to it, as the bytes on the wire, so that a reply is checked
 * by comparing bytes, whatever the framing. Loop only.
 */
public final class Exchange {
    private final Framing framing;
    private final Payload reply; // null: any
    private final Payload framedMessage;
    private final Payload framedReply; // null: any
    private final ReplyEnd end; // null: only the expected bytes tell

    private byte[] expected;
    private long expectedId = -1; // whose reply is expected
    private long expectedSeq = -1;

    Exchange(Framing framing, Payload message, Payload reply, ReplyEnd end) {
        this.framing = framing;
        this.reply = reply;
        this.framedMessage = message.framed(framing);
        this.framedReply = reply == null ? null : reply.framed(framing);
        this.end = end;
    }

    /** Whether any reply will do. */
    public boolean expectsAnything() {
        return reply == null;
    }

    /** Whether there are no replies at all. */
    public boolean hasNoReplies() {
        return end != null && end.isNone();
    }

    /** Whether a reply tells to which message it belongs. */
    public boolean hasUniqueReplies() {
        return reply != null && reply.isUnique();
    }

    /** Finds where replies end, on one connection; null if only the expected bytes tell. */
    public Extent extent() {
        return end == null ? null : end.extent();
    }

    /** A framed message; its bytes are good until the next call. */
    public byte[] message(long id, long seq) {
        return framedMessage.render(id, seq);
    }

    /** Makes the reply to this message the one that the next three methods are about. */
    public void expect(long id, long seq) {
        if (id == expectedId && seq == expectedSeq || expected != null && reply.isConstant()) {
            return;
        }
        expected = framedReply.render(id, seq);
        expectedId = id;
        expectedSeq = seq;
    }

    /** The expected bytes, which are good until something else is expected. */
    public byte[] expectedBytes() {
        return expected;
    }

    /** How many bytes are expected. */
    public int expectedLength() {
        return expected.length;
    }

    /** How many of these bytes are as expected, if the first of them is number {@code offset}. */
    public int agreement(byte[] bytes, int from, int to, int offset) {
        int count = Math.min(to - from, expectedLength() - offset);
        int wrong = Arrays.mismatch(bytes, from, from + count, expected, offset, offset + count);
        return wrong < 0 ? count : wrong;
    }

    /**
     * Takes the framing off a whole reply, for a person to read: up to where its text goes.
     *
     * @return the text between the two, malformed bytes replaced
     */
    public String text(byte[] bytes, int from, int to) {
        int head = framing.overhead(0); // all of it stands in front, if it is a length
        boolean hasLength = framing.toString().startsWith("length") && end != null && to - from >= head;
        int start = hasLength ? from + head : from;
        return new String(bytes, start, to - start, StandardCharsets.UTF_8).stripTrailing();
    }

    /** The expected reply as a text, without framing. */
    public String expectedText(long id, long seq) {
        return new String(reply.render(id, seq), StandardCharsets.UTF_8);
    }
}
