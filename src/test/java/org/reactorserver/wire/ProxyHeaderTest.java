package org.reactorserver.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.limit.AccessList;
import org.reactorserver.limit.Cidr;
import org.reactorserver.text.IpLiteral;
import org.reactorserver.wire.ProxyException.Kind;

class ProxyHeaderTest {
    private static final String V2 = "0d0a0d0a000d0a515549540a";
    private static final byte[] NEXT = {'P', 'R', 'O', 'X', 'Y', ' '}; // what follows may look like anything

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] v2(String rest) {
        return HexFormat.of().parseHex(V2 + rest.replace(" ", ""));
    }

    private static byte[] join(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteBuffer joined = ByteBuffer.allocate(length);
        Arrays.stream(parts).forEach(joined::put);
        return joined.array();
    }

    private static SocketAddress ip(String host, int port) {
        return new InetSocketAddress(IpLiteral.parse(host), port);
    }

    /** Reads it whole and byte by byte, with something behind it that has to be left. */
    private static ProxyHeader read(byte[] header) throws ProxyException {
        ByteBuffer whole = ByteBuffer.wrap(join(new byte[3], header, NEXT)).position(3);
        ProxyHeader read = ProxyHeader.parse(whole);
        assertThat(whole.remaining()).isEqualTo(NEXT.length);
        ByteBuffer slow = ByteBuffer.wrap(header);
        for (int length = 0; length < header.length; length++) {
            assertThat(ProxyHeader.parse(slow.limit(length))).isNull();
            assertThat(slow.position()).isZero();
        }
        assertThat(ProxyHeader.parse(slow.limit(header.length))).isEqualTo(read);
        return read;
    }

    private static void assertRefused(byte[] bytes, Kind kind, String message) {
        assertThatExceptionOfType(ProxyException.class)
                .isThrownBy(() -> ProxyHeader.parse(ByteBuffer.wrap(bytes)))
                .withMessageContaining(message)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContainPattern("[\\x00-\\x1f\\x7f-\\x9f]"));
    }

    // ---- version 1

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            TCP4 127.0.0.1 127.0.0.2 55578 26111                                     | 127.0.0.1        | 55578
            TCP4 255.255.255.255 255.255.255.255 65535 65535                         | 255.255.255.255  | 65535
            TCP4 0.0.0.0 0.0.0.0 0 0                                                 | 0.0.0.0          | 0
            TCP6 2001:db8::1 ::1 1 2                                                 | 2001:db8::1      | 1
            TCP6 ::ffff:192.0.2.1 ::ffff:192.0.2.2 1 2                               | 192.0.2.1        | 1
            TCP6 2001:DB8:0:0:0:0:0:a ::1 1 2                                        | 2001:db8::a      | 1
            """)
    void version1(String line, String host, int port) throws ProxyException {
        assertThat(read(latin("PROXY " + line + "\r\n")).source()).isEqualTo(ip(host, port));
    }

    @Test
    void theDestinationToo() throws ProxyException {
        assertThat(read(latin("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n")).destination())
                .isEqualTo(ip("192.0.2.2", 2));
    }

    /** It may say anything then, and need not be right. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "UNKNOWN",
                "UNKNOWN ",
                "UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535",
                "UNKNOWN \u00e9\n\r\u0000 x"
            })
    void aClientThatTheProxyDoesNotKnow(String line) throws ProxyException {
        assertThat(read(latin("PROXY " + line + "\r\n")).source()).isNull();
    }

    @Test
    void theLongestOfVersion1() throws ProxyException {
        String longest = "PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
                + " 65535 65535\r\n";
        assertThat(longest).hasSize(107);
        assertThat(read(latin(longest)).source()).isNull();
        assertRefused(latin(longest.replace("\r\n", "x\r\n")), Kind.TOO_LONG, "without CR LF in its first 107 bytes");
        assertRefused(latin("PROXY TCP4 " + "1".repeat(96)), Kind.TOO_LONG, "without CR LF in its first 107 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TCP4 127.0.0.01 127.0.0.2 1 2",
                "TCP4 127.0.0.1 127.0.0.2 01 2",
                "TCP4 127.0.0.1 127.0.0.2 1 00",
                "TCP4 127.0.0.1 127.0.0.2 65536 2",
                "TCP4 127.0.0.1 127.0.0.2 1 4294967297",
                "TCP4 127.0.0.1 127.0.0.2 -1 2",
                "TCP4 127.0.0.1 127.0.0.2 +1 2",
                "TCP4 127.0.0.1 127.0.0.2 1",
                "TCP4 127.0.0.1 127.0.0.2 1 2 3",
                "TCP4 127.0.0.1 127.0.0.2 1 2 ",
                "TCP4 127.0.0.1  127.0.0.2 1 2",
                "TCP4  127.0.0.1 127.0.0.2 1 2",
                "TCP4 127.0.0.1 127.0.0.2  2",
                "TCP4 127.1 127.0.0.2 1 2",
                "TCP4 localhost 127.0.0.2 1 2",
                "TCP4 127.0.0.256 127.0.0.2 1 2",
                "TCP4 ::1 ::1 1 2",
                "TCP6 127.0.0.1 127.0.0.1 1 2",
                "TCP6 ::1%lo ::1 1 2",
                "TCP6 1:2:3:4:5:6:7 ::1 1 2",
                "tcp4 127.0.0.1 127.0.0.2 1 2",
                "TCP5 127.0.0.1 127.0.0.2 1 2",
                "UDP4 127.0.0.1 127.0.0.2 1 2",
                "TCP4\t127.0.0.1\t127.0.0.2\t1\t2",
                "TCP4 127.0.0.1 127.0.0.2 1 2\r",
                "UNKNOWNS",
                "",
                " ",
                "TCP4",
                "TCP4 \u0661.0.0.1 127.0.0.2 1 2",
                "TCP4 127.0.0.1\u0000 127.0.0.2 1 2"
            })
    void whatIsNoHeaderOfVersion1(String line) {
        assertRefused(
                ("PROXY " + line + "\r\n").getBytes(StandardCharsets.UTF_8),
                Kind.MALFORMED,
                "PROXY header malformed: '");
    }

    @Test
    void aLineFeedAloneEndsNothing() {
        assertRefused(
                latin("PROXY TCP4 127.0.0.1 127.0.0.2 1 2\n"), Kind.MALFORMED, "ends with LF alone, expected CR LF");
    }

    @Test
    void whatItSaysOfAMistake() {
        assertThatExceptionOfType(ProxyException.class)
                .isThrownBy(
                        () -> ProxyHeader.parse(ByteBuffer.wrap(latin("PROXY TCP4 127.0.0.1 127.0.0.2 1 70000\r\n"))))
                .withMessage("PROXY header malformed: 'TCP4 127.0.0.1 127.0.0.2 1 70000' has no port '70000',"
                        + " expected numbers without zeros in front");
    }

    // ---- neither

    @ParameterizedTest
    @ValueSource(
            strings = {"GET / HTTP/1.1\r\n\r\n", "PP", "hello", "\u0016\u0003\u0001", "PROXX", "PROXY\t", "\n", "\r\nX"
            })
    void somethingElse(String beginning) {
        assertRefused(latin(beginning), Kind.MISSING, "no PROXY header: the connection begins with '");
    }

    @Test
    void somethingElseIsQuotedInOneLine() {
        assertThatExceptionOfType(ProxyException.class)
                .isThrownBy(() -> ProxyHeader.parse(ByteBuffer.wrap(latin("GET /\r\nHost: of somebody"))))
                .withMessage(
                        "no PROXY header: the connection begins with 'GET /\\r\\nHost: of '; clients that send none"
                                + " need a --listen without it");
    }

    // ---- version 2

    @Test
    void version2() throws ProxyException {
        ProxyHeader header = read(v2("21 11 000c 7f000001 7f000002 d91a 65ff"));
        assertThat(header.source()).isEqualTo(ip("127.0.0.1", 0xd91a));
        assertThat(header.destination()).isEqualTo(ip("127.0.0.2", 0x65ff));
    }

    @Test
    void version2OfIpv6() throws ProxyException {
        ProxyHeader header =
                read(v2("21 21 0024 20010db8000000000000000000000001 20010db8000000000000000000000002 0001 ffff"));
        assertThat(header.source()).isEqualTo(ip("2001:db8::1", 1));
        assertThat(header.destination()).isEqualTo(ip("2001:db8::2", 65_535));
    }

    @Test
    void version2OfDatagrams() throws ProxyException {
        assertThat(read(v2("21 12 000c 7f000001 7f000002 d91a 65ff")).source()).isEqualTo(ip("127.0.0.1", 0xd91a));
    }

    @Test
    void version2OfUnixSockets() throws ProxyException {
        String none = "00".repeat(108);
        String path = HexFormat.of().formatHex(latin("/run/a")) + "00".repeat(102);
        String longest = HexFormat.of().formatHex(latin("/" + "x".repeat(107)));
        assertThat(read(v2("21 31 00d8" + path + longest)))
                .isEqualTo(new ProxyHeader(
                        UnixDomainSocketAddress.of("/run/a"), UnixDomainSocketAddress.of("/" + "x".repeat(107))));
        assertThat(read(v2("21 31 00d8" + none + path)).source()).isEqualTo(UnixDomainSocketAddress.of(""));
    }

    /**
     * HAProxy's checks, and HAProxy for a client of its own Unix socket. Others took the bytes behind the fixed part
     * for the client's, refused the connection, or believed the address.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "20 00 0000",
                "20 11 000c 01020304 05060708 0001 0002",
                "20 00 0005 ffffffffff",
                "20 ff 0003 030004",
                "20 11 0001 00",
                "20 21 0000"
            })
    void aConnectionOfTheProxysOwnHasNoClientWhateverItSays(String rest) throws ProxyException {
        ProxyHeader header = read(v2(rest));
        assertThat(header.source()).isNull();
        assertThat(header.destination()).isNull();
    }

    /** With another address in each LOCAL header no client could be limited by address. */
    @Test
    void whoChoosesAnAddressInAConnectionOfTheProxysOwnIsStillTheProxy() throws ProxyException {
        SocketAddress proxy = ip("198.51.100.1", 1);
        AccessList onlyTheLan = AccessList.of(List.of(Cidr.parse("10.0.0.0/8")), List.of());
        for (int i = 0; i < 100; i++) {
            SocketAddress client = read(v2("20 11 000c 0a0000%02x 05060708 0001 0002".formatted(i)))
                    .client(proxy);
            assertThat(client).isEqualTo(proxy);
            assertThat(onlyTheLan.permits(((InetSocketAddress) client).getAddress()))
                    .isFalse();
        }
        assertThat(read(v2("21 11 000c 0a000001 05060708 0001 0002")).client(proxy))
                .isEqualTo(ip("10.0.0.1", 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"21 00 0000", "21 00 0004 01020304", "21 10 000c 01020304 05060708 0001 0002", "21 01 0000"})
    void whatTheProxyCannotSayIsSkipped(String rest) throws ProxyException {
        assertThat(read(v2(rest)).source()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            22 11 000c 01020304 05060708 0001 0002              | version and command are 0x22, expected 0x20 or 0x21
            2f 00 0000                                          | version and command are 0x2f, expected 0x20 or 0x21
            11 11 000c 01020304 05060708 0001 0002              | version and command are 0x11, expected 0x20 or 0x21
            31 11 000c 01020304 05060708 0001 0002              | version and command are 0x31, expected 0x20 or 0x21
            21 13 000c 01020304 05060708 0001 0002              | family and protocol are 0x13, expected 0 to 3 and 0 to 2
            21 41 000c 01020304 05060708 0001 0002              | family and protocol are 0x41, expected 0 to 3 and 0 to 2
            21 f1 000c 01020304 05060708 0001 0002              | family and protocol are 0xf1, expected 0 to 3 and 0 to 2
            21 11 000b 01020304 05060708 0001 00                | version 2 has 11 bytes of addresses, expected 12
            21 21 000c 01020304 05060708 0001 0002              | version 2 has 12 bytes of addresses, expected 36
            21 31 0000                                          | version 2 has 0 bytes of addresses, expected 216
            21 11 000d 01020304 05060708 0001 0002 04           | a TLV goes beyond the end of the header
            21 11 000e 01020304 05060708 0001 0002 0400         | a TLV goes beyond the end of the header
            21 11 0010 01020304 05060708 0001 0002 04000200     | a TLV goes beyond the end of the header
            21 11 0013 01020304 05060708 0001 0002 03000400000000 | its CRC32C is wrong
            21 11 0012 01020304 05060708 0001 0002 030003000000 | its CRC32C is wrong
            21 11 000f 01020304 05060708 0001 0002 030000       | its CRC32C is wrong
            """)
    void whatIsNoHeaderOfVersion2(String rest, String message) {
        assertRefused(v2(rest), Kind.MALFORMED, message);
    }

    /** Types that exist, that are unassigned and that may come; p2pool refused all. */
    @Test
    void whatElseTheProxySaysIsSkippedByItsLength() throws ProxyException {
        String tlvs =
                "05 0004 75756964" + "02 0003 612e62" + "20 0005 0100000000" + "04 0000" + "ee 0001 ff" + "00 0000";
        int length = 12 + tlvs.replace(" ", "").length() / 2;
        assertThat(read(v2("21 11 %04x 01020304 05060708 0001 0002".formatted(length) + tlvs))
                        .source())
                .isEqualTo(ip("1.2.3.4", 1));
    }

    @Test
    void aChecksumThatIsThereIsVerified() throws ProxyException {
        byte[] header = v2("21 11 0016 01020304 05060708 0001 0002 040000 030004 00000000");
        CRC32C crc = new CRC32C();
        crc.update(header);
        ByteBuffer.wrap(header).putInt(header.length - 4, (int) crc.getValue());
        assertThat(read(header).source()).isEqualTo(ip("1.2.3.4", 1));
        int type = header.length - 7; // as another type it is no checksum
        for (int at = 16; at < header.length; at += at + 1 == type ? 2 : 1) {
            byte[] damaged = header.clone();
            damaged[at] ^= 1;
            assertThatExceptionOfType(ProxyException.class)
                    .isThrownBy(() -> ProxyHeader.parse(ByteBuffer.wrap(damaged)));
        }
    }

    /** It is of all bytes of the header, also of those behind it. */
    @Test
    void aChecksumCoversWhatFollowsIt() throws ProxyException {
        byte[] header = v2("21 11 001a 01020304 05060708 0001 0002 030004 00000000 040004 01020304");
        CRC32C crc = new CRC32C();
        crc.update(header);
        int at = 16 + 12 + 3;
        ByteBuffer.wrap(header).putInt(at, (int) crc.getValue());
        assertThat(read(header).source()).isEqualTo(ip("1.2.3.4", 1));
        header[header.length - 1] ^= 1;
        assertRefused(header, Kind.MALFORMED, "its CRC32C is wrong");
    }

    @Test
    void aTlvMayNotGoBeyondTheEnd() throws ProxyException {
        assertThat(read(v2("21 11 000f 01020304 05060708 0001 0002 040000")).source())
                .isEqualTo(ip("1.2.3.4", 1));
        for (String tlv : List.of("040001", "0400", "04", "04000201")) {
            int length = 12 + tlv.length() / 2;
            assertRefused(
                    v2("21 11 %04x 01020304 05060708 0001 0002 %s".formatted(length, tlv)),
                    Kind.MALFORMED,
                    "a TLV goes beyond the end of the header");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            127.0.0.1 127.0.0.2 10 9         | 10
            127.0.0.1 127.0.0.2 9 10         | 9
            127.0.0.1 127.0.0.2 909 1        | 909
            """)
    void portsOfVersion1(String rest, int port) throws ProxyException {
        assertThat(read(latin("PROXY TCP4 " + rest + "\r\n")).source()).isEqualTo(ip("127.0.0.1", port));
    }

    @Test
    void ofTwoMistakesThePortIsNamed() {
        assertRefused(latin("PROXY TCP4 300.0.0.1 127.0.0.2 0 1\r\n"), Kind.MALFORMED, "no address '300.0.0.1'");
        assertRefused(latin("PROXY TCP4 300.0.0.1 127.0.0.2 x 1\r\n"), Kind.MALFORMED, "no port 'x'");
        assertRefused(latin("PROXY TCP4 127.0.0.1 127.0.0.2 65536 1\r\n"), Kind.MALFORMED, "no port '65536'");
    }

    @Test
    void theLongestPathOfAUnixSocket() throws ProxyException {
        SocketAddress most = UnixDomainSocketAddress.of("/" + "x".repeat(107));
        assertThat(read(ProxyHeader.v2(most, most))).isEqualTo(new ProxyHeader(most, most));
    }

    @Test
    void theLongestOfVersion2() throws ProxyException {
        int most = ProxyHeader.LONGEST - 16;
        byte[] longest = join(v2("20 00 %04x".formatted(most)), new byte[most]);
        assertThat(read(longest).source()).isNull();
        assertRefused(
                v2("20 00 %04x".formatted(most + 1)), Kind.TOO_LONG, "version 2 of 4097 bytes, at most 4096 are taken");
        assertRefused(v2("21 11 ffff"), Kind.TOO_LONG, "version 2 of 65551 bytes, at most 4096 are taken");
    }

    // ---- writing

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            192.0.2.1   | 192.0.2.2   | PROXY TCP4 192.0.2.1 192.0.2.2 1 65535
            2001:db8::1 | ::1         | PROXY TCP6 2001:db8:0:0:0:0:0:1 0:0:0:0:0:0:0:1 1 65535
            192.0.2.1   | 2001:db8::1 | PROXY TCP6 ::ffff:192.0.2.1 2001:db8:0:0:0:0:0:1 1 65535
            2001:db8::1 | 192.0.2.1   | PROXY TCP6 2001:db8:0:0:0:0:0:1 ::ffff:192.0.2.1 1 65535
            """)
    void whatIsWrittenIsRead(String from, String to, String line) throws ProxyException {
        SocketAddress source = ip(from, 1);
        SocketAddress destination = ip(to, 65_535);
        assertThat(new String(ProxyHeader.v1(source, destination), StandardCharsets.US_ASCII))
                .isEqualTo(line + "\r\n");
        assertThat(read(ProxyHeader.v1(source, destination))).isEqualTo(new ProxyHeader(source, destination));
        assertThat(read(ProxyHeader.v2(source, destination))).isEqualTo(new ProxyHeader(source, destination));
    }

    @Test
    void unixSocketsAreWrittenInVersion2Only() throws ProxyException {
        SocketAddress source = UnixDomainSocketAddress.of("");
        SocketAddress destination = UnixDomainSocketAddress.of("/run/server");
        assertThat(ProxyHeader.v1(source, destination)).isEqualTo(latin("PROXY UNKNOWN\r\n"));
        assertThat(read(ProxyHeader.v2(source, destination))).isEqualTo(new ProxyHeader(source, destination));
    }

    @Test
    void whatCannotBeSaidIsNotSaid() throws ProxyException {
        SocketAddress tooLong = UnixDomainSocketAddress.of("/" + "x".repeat(108));
        assertThat(read(ProxyHeader.v2(tooLong, tooLong)).source()).isNull();
        assertThat(read(ProxyHeader.v2(tooLong, ip("192.0.2.1", 1))).source()).isNull();
        assertThat(ProxyHeader.local()).isEqualTo(v2("20 00 0000"));
    }
}
