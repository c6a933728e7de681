package example;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.reactorserver.framing.Framing;
import org.reactorserver.framing.FramingException;

/** A device's frames: the length of what follows in two bytes, lowest first; the payload; its CRC-32 in four. */
public final class DeviceFraming extends Framing {
    private static final int HEAD = Short.BYTES;
    private static final int CHECKSUM = Integer.BYTES;
    private static final int LONGEST = 0xFFFF - CHECKSUM;

    public DeviceFraming() {
        super("device");
    }

    @Override
    protected int headLength(int payloadLength) {
        return HEAD;
    }

    @Override
    protected void putHead(int payloadLength, ByteBuffer out) {
        out.order(ByteOrder.LITTLE_ENDIAN).putShort((short) payloadLength);
    }

    @Override
    protected byte[] seal(byte[] payload) {
        byte[] sealed = Arrays.copyOf(payload, payload.length + CHECKSUM);
        ByteBuffer.wrap(sealed).putInt(payload.length, checksum(payload));
        return sealed;
    }

    private static int checksum(byte[] payload) {
        CRC32 crc = new CRC32();
        crc.update(payload);
        return (int) crc.getValue();
    }

    @Override
    protected long maxFrame(int maxMessage) {
        return (long) HEAD + maxMessage + CHECKSUM;
    }

    @Override
    protected void next(Input input) throws FramingException {
        if (input.length() < HEAD) {
            return;
        }
        int length = (int) input.number(0, HEAD, ByteOrder.LITTLE_ENDIAN) - CHECKSUM;
        if (length < 0) {
            throw new FramingException("a frame without a checksum");
        }
        input.refuseLonger(length);
        int end = HEAD + length;
        if (input.length() < end + CHECKSUM) {
            return;
        }
        byte[] payload = input.copy(HEAD, end);
        if ((int) input.number(end, CHECKSUM, ByteOrder.BIG_ENDIAN) != checksum(payload)) {
            throw new FramingException("a frame with a wrong checksum");
        }
        input.message(payload, end + CHECKSUM);
    }

    @Override
    protected void refuseUnframeable(byte[] payload) {
        if (payload.length > LONGEST) {
            throw new IllegalArgumentException("a device's frame has at most " + LONGEST + " bytes");
        }
    }
}
