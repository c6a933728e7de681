package org.reactorserver.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.reactorserver.wire.ProxyException;
import org.reactorserver.wire.ProxyHeader;

/**
 * How much CPU time it takes to read a PROXY header: the median of 21 rounds, after as many that do not count. From the
 * classes of the server and of the bench: {@code java -cp target/classes:target/bench/classes
 * org.reactorserver.bench.ProxyHeaderTime}.
 */
public final class ProxyHeaderTime {
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean(); // others' work does not count
    private static final int ROUNDS = 21;
    private static final int HEADERS = 200_000;

    private ProxyHeaderTime() {}

    /** Prints a line for each kind of header. */
    public static void main(String[] args) throws ProxyException {
        InetSocketAddress ipv4 = new InetSocketAddress("192.0.2.1", 55_578);
        InetSocketAddress ipv6 = new InetSocketAddress("2001:db8::1:2", 55_578);
        Map<String, byte[]> headers = new LinkedHashMap<>();
        headers.put("v1 TCP4", ProxyHeader.v1(ipv4, ipv4));
        headers.put("v1 TCP6", ProxyHeader.v1(ipv6, ipv6));
        headers.put("v1 UNKNOWN", "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII));
        headers.put("v2 IPv4", ProxyHeader.v2(ipv4, ipv4));
        headers.put("v2 IPv6", ProxyHeader.v2(ipv6, ipv6));
        headers.put("v2 IPv4 with CRC32C and 100 bytes more", withTlvs());
        headers.put("v2 LOCAL", ProxyHeader.local());
        for (int pass = 0; pass < 2; pass++) {
            for (Map.Entry<String, byte[]> each : headers.entrySet()) {
                double nanos = median(ByteBuffer.wrap(each.getValue()));
                if (pass > 0) {
                    System.out.printf("%-40s %6.0f ns%n", each.getKey(), nanos);
                }
            }
        }
    }

    private static byte[] withTlvs() {
        byte[] header = ByteBuffer.allocate(16 + 12 + 7 + 103)
                .put(HexFormat.of()
                        .parseHex("0d0a0d0a000d0a515549540a2111007a" + "c0000201c00002021234567803000400000000"))
                .put((byte) 4)
                .putShort((short) 100)
                .array();
        CRC32C crc = new CRC32C();
        crc.update(header);
        ByteBuffer.wrap(header).putInt(31, (int) crc.getValue());
        return header;
    }

    private static double median(ByteBuffer header) throws ProxyException {
        double[] nanos = new double[ROUNDS];
        int told = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = CPU.getCurrentThreadCpuTime();
            for (int i = 0; i < HEADERS; i++) {
                told += ProxyHeader.parse(header.rewind()).source() == null ? 0 : 1;
            }
            nanos[round] = (double) (CPU.getCurrentThreadCpuTime() - start) / HEADERS;
        }
        if (told % HEADERS != 0) { // the result is used, so that the work is not left out
            throw new AssertionError("not all are the same");
        }
        Arrays.sort(nanos);
        return nanos[ROUNDS / 2];
    }
}
