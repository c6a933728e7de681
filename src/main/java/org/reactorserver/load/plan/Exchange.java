package org.reactorserver.load.plan;

import java.nio.ByteBuffer;
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
    private final Payload message;
    private final Payload reply; // null: any
    private final ReplyEnd end; // null: only the expected bytes tell

    private ByteBuffer framedReply = ByteBuffer.allocate(256);
    private long framedId = -1; // whose reply is in framedReply
    private long framedSeq = -1;

    Exchange(Framing framing, Payload message, Payload reply, ReplyEnd end) {
        this.framing = framing;
        this.message = message;
        this.reply = reply;
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

    /** Puts a framed message; false, and nothing put, if there is not enough room. */
    public boolean put(long id, long seq, ByteBuffer out) {
        byte[] payload = message.render(id, seq);
        if (payload.length + framing.overhead(payload.length) > out.remaining()) {
            return false;
        }
        framing.put(payload, 0, out);
        return true;
    }

    /** A framed message, for those that are too large for {@link #put}. */
    public byte[] framedMessage(long id, long seq) {
        byte[] payload = message.render(id, seq);
        ByteBuffer out = ByteBuffer.allocate(payload.length + framing.overhead(payload.length));
        framing.put(payload, 0, out);
        return out.array();
    }

    /** How many bytes a framed message has. */
    public int messageLength(long id, long seq) {
        int length = message.render(id, seq).length;
        return length + framing.overhead(length);
    }

    /** Makes the reply to this message the one that the next three methods are about. */
    public void expect(long id, long seq) {
        if (id == framedId && seq == framedSeq || framedSeq >= 0 && reply.isConstant()) {
            return;
        }
        byte[] payload = reply.render(id, seq);
        int length = payload.length + framing.overhead(payload.length);
        if (length > framedReply.capacity()) {
            framedReply = ByteBuffer.allocate(length + 64);
        }
        framedReply.clear();
        framing.put(payload, 0, framedReply);
        framedId = id;
        framedSeq = seq;
    }

    /** The expected bytes; {@link #expectedLength} of them are valid. */
    public byte[] expectedBytes() {
        return framedReply.array();
    }

    /** How many bytes are expected. */
    public int expectedLength() {
        return framedReply.position();
    }

    /** How many of these bytes are as expected, if the first of them is number {@code offset}. */
    public int agreement(byte[] bytes, int from, int to, int offset) {
        int count = Math.min(to - from, expectedLength() - offset);
        int wrong = Arrays.mismatch(bytes, from, from + count, framedReply.array(), offset, offset + count);
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
