package examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.reactorserver.BinaryHandler;
import org.reactorserver.ReactorServer;
import org.reactorserver.Session;
import org.reactorserver.framing.Framing;
import org.reactorserver.framing.Framing.Length;

/**
 * A device's protocol: a length in two bytes, little-endian, and so many bytes, the last two of which are a CRC of
 * those before them, little-endian as well. A report is the device's number in four bytes and its value in eight; it
 * is acknowledged by the number. One that is damaged is answered by an empty frame and forgotten: the device sends it
 * again.
 */
public final class DeviceServer implements BinaryHandler {
    private static final int REPORT = Integer.BYTES + Long.BYTES;
    private static final int CRC = Short.BYTES;

    private final Map<Integer, Long> values = new ConcurrentHashMap<>();

    /** How it is served. */
    public ReactorServer.Builder builder() {
        return ReactorServer.builder(Framing.lengthPrefixed(2, Length.LITTLE_ENDIAN))
                .port(8888)
                .maxMessage(1024)
                .binaryHandler(this);
    }

    /** The last value of each device. */
    public Map<Integer, Long> values() {
        return Map.copyOf(values);
    }

    @Override
    public void onMessage(Session session, byte[] frame) {
        if (frame.length != REPORT + CRC || !isIntact(frame)) {
            session.send(new byte[0]);
            return;
        }
        ByteBuffer report = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        int device = report.getInt();
        values.put(device, report.getLong());
        session.send(sealed(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(device)
                .array()));
    }

    private static boolean isIntact(byte[] frame) {
        return Arrays.equals(frame, sealed(Arrays.copyOf(frame, frame.length - CRC)));
    }

    /** The bytes, and their CRC behind them. */
    static byte[] sealed(byte[] content) {
        return ByteBuffer.allocate(content.length + CRC)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(content)
                .putShort((short) crc(content))
                .array();
    }

    /** CRC-16/CCITT-FALSE: polynomial 0x1021, beginning with 0xFFFF. */
    static int crc(byte[] content) {
        int crc = 0xFFFF;
        for (byte each : content) {
            crc ^= (each & 0xFF) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
            }
        }
        return crc & 0xFFFF;
    }

    /** Serves at port 8888 until the process is ended. */
    public static void main(String[] arguments) throws IOException {
        new DeviceServer().builder().start();
    }
}
