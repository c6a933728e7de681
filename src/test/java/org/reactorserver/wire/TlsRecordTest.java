package org.reactorserver.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of TLS can be told by the first bytes. */
class TlsRecordTest {
    /** A buffer that has the bytes from its position on, and others before. */
    private static ByteBuffer at(String hexadecimal) {
        byte[] bytes = HexFormat.of().parseHex(hexadecimal);
        return ByteBuffer.allocate(3 + bytes.length).position(3).put(bytes).position(3);
    }

    private static boolean isHello(String hexadecimal) {
        byte[] bytes = HexFormat.of().parseHex(hexadecimal);
        return TlsRecord.isHello(ByteBuffer.allocate(20).put(bytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "160301" + "0200" + "010001fc", // RFC 8446, 5.1: the first record may say 3.1
                "160304" + "0005" + "01000001",
                "160300" + "8004" + "01008000", // of a length that is no short
                "160301" + "0200" + "010001fc" + "0303"
            })
    void aClientsHelloIsKnownByItsHeaders(String hexadecimal) {
        assertThat(isHello(hexadecimal)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "160301" + "0200" + "010001", // too short to tell
                "150301" + "0200" + "010001fc",
                "160201" + "0200" + "010001fc",
                "160305" + "0200" + "010001fc",
                "160301" + "0200" + "020001fc",
                "160301" + "0200" + "010001fd",
                "160301" + "0200" + "01000204",
                "160301" + "0200" + "010001f8"
            })
    void whatIsNone(String hexadecimal) {
        assertThat(isHello(hexadecimal)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "13, false",
        "14, true",
        "16, true",
        "17, true",
        "18, false",
        "1603, true",
        "1602, false",
        "1703ffff, true"
    })
    void whatMayBeARecord(String hexadecimal, boolean expected) {
        assertThat(TlsRecord.isTls(at(hexadecimal))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "17030300, false, false", // no whole header
        "1703030000, true, false",
        "1703030001, false, false",
        "170303000100, true, false",
        "17030300010000, true, false",
        "1703034800, false, false", // RFC 5246, 6.2.3: at most 2^14 + 2048
        "1703034801, false, true",
        "170303ffff, false, true"
    })
    void howMuchOfItIsThere(String hexadecimal, boolean isWhole, boolean isTooLong) {
        assertThat(TlsRecord.isWhole(at(hexadecimal))).isEqualTo(isWhole);
        assertThat(TlsRecord.isTooLong(at(hexadecimal))).isEqualTo(isTooLong);
    }

    @ParameterizedTest
    @CsvSource({"'', false", "16, true", "17, false"})
    void whatBelongsToAHandshake(String hexadecimal, boolean expected) {
        assertThat(TlsRecord.isHandshake(at(hexadecimal))).isEqualTo(expected);
    }
}
