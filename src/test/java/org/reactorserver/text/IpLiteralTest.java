package org.reactorserver.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpLiteralTest {

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "192.0.2.1, 192.0.2.1",
        "::, 0:0:0:0:0:0:0:0",
        "::1, 0:0:0:0:0:0:0:1",
        "1::, 1:0:0:0:0:0:0:0",
        "2001:DB8::8:800:200c:417A, 2001:db8:0:0:8:800:200c:417a",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "64:ff9b::192.0.2.33, 64:ff9b:0:0:0:0:c000:221",
        "1:2:3:4:5:6:192.0.2.33, 1:2:3:4:5:6:c000:221",
        "::ffff:192.0.2.1, 192.0.2.1",
        "::ffff:c000:201, 192.0.2.1"
    })
    void anAddress(String text, String address) {
        assertThat(IpLiteral.parse(text).getHostAddress()).isEqualTo(address);
    }

    /** The JDK and the C library take many of these for some address. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1111111",
                "127.1",
                "127.0.1",
                "127.0.0.1.",
                ".127.0.0.1",
                "127.0.0.1.1",
                "127.0.0.256",
                "127.0.0.01",
                "0127.0.0.1",
                "00.0.0.0",
                "127.0.0.-1",
                "127.0.0.+1",
                "127.0.0.1 ",
                " 127.0.0.1",
                "0x7f.0.0.1",
                "127.0.0.1000",
                "127..0.1",
                "localhost",
                "١٢٧.0.0.1",
                "127.0.0.1/8",
                "127.0.0.1:80",
                ":",
                ":::",
                "1",
                "1:2",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "1::2::3",
                ":1::2",
                "1::2:",
                "12345::",
                "g::",
                "[::1]",
                "::1%lo",
                "fe80::1%1",
                "::1.2.3",
                "::1.2.3.4.5",
                "1:2:3:4:5:6:7:1.2.3.4",
                "1.2.3.4::",
                "::1.2.3.4:5",
                "::256.2.3.4",
                "::ffff:01.2.3.4",
                "1:2:3:4::5:6:7:8",
                "::１"
            })
    void noAddressAndNoName(String text) {
        assertThat(IpLiteral.parse(text)).isNull();
    }

    @Test
    void whatTheJdkWritesIsRead() throws UnknownHostException {
        Random dice = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[i % 2 == 0 ? 4 : 16];
            for (int k = 0; k < bytes.length; k++) {
                bytes[k] = (byte) (dice.nextInt(3) == 0 ? dice.nextInt() : 0);
            }
            InetAddress address = InetAddress.getByAddress(bytes);
            assertThat(IpLiteral.parse(address.getHostAddress())).isEqualTo(address);
        }
    }
}
