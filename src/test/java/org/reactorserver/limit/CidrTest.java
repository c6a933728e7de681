package org.reactorserver.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactorserver.text.IpLiteral;

class CidrTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            192.0.2.0/24            | 192.0.2.255          | true
            192.0.2.0/24            | 192.0.3.0            | false
            192.0.2.1               | 192.0.2.1            | true
            192.0.2.1               | 192.0.2.2            | false
            0.0.0.0/0               | 255.255.255.255      | true
            0.0.0.0/0               | ::1                  | false
            ::/0                    | ::1                  | true
            ::/0                    | 192.0.2.1            | false
            ::/64                   | 192.0.2.1            | false
            2001:db8::/32           | 2001:db8:ffff::1     | true
            2001:db8::/32           | 2001:db9::           | false
            2001:db8::/65           | 2001:db8::7fff:0:0:0 | true
            2001:db8::/65           | 2001:db8::8000:0:0:0 | false
            ::ffff:192.0.2.0/120    | 192.0.2.7            | true
            ::ffff:192.0.2.0/120    | 192.0.3.7            | false
            192.0.2.0/24            | ::ffff:192.0.2.7     | true
            """)
    void whatIsInABlock(String block, String address, boolean isIn) {
        assertThat(Cidr.parse(block).contains(IpLiteral.parse(address))).isEqualTo(isIn);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1111111          | '1111111' is no IP address: expected an address or a block, as 192.0.2.0/24 or 2001:db8::/32; names are not looked up
            127.1            | '127.1' is no IP address: expected an address or a block, as 192.0.2.0/24 or 2001:db8::/32; names are not looked up
            localhost        | 'localhost' is no IP address: expected an address or a block, as 192.0.2.0/24 or 2001:db8::/32; names are not looked up
            ''               | '' is no IP address: expected an address or a block, as 192.0.2.0/24 or 2001:db8::/32; names are not looked up
            fe80::1%lo       | 'fe80::1%lo' is no IP address: expected an address or a block, as 192.0.2.0/24 or 2001:db8::/32; names are not looked up
            192.0.2.0/33     | '192.0.2.0/33' has no prefix from 0 to 32: expected an address or a block, as 192.0.2.0/24 or 2001:db8::/32
            192.0.2.0/       | '192.0.2.0/' has no prefix from 0 to 32: expected an address or a block, as 192.0.2.0/24 or 2001:db8::/32
            192.0.2.0/08     | '192.0.2.0/08' has no prefix from 0 to 32: expected an address or a block, as 192.0.2.0/24 or 2001:db8::/32
            192.0.2.0/-1     | '192.0.2.0/-1' has no prefix from 0 to 32: expected an address or a block, as 192.0.2.0/24 or 2001:db8::/32
            192.0.2.0/24/24  | '192.0.2.0/24/24' has no prefix from 0 to 32: expected an address or a block, as 192.0.2.0/24 or 2001:db8::/32
            2001:db8::/129   | '2001:db8::/129' has no prefix from 0 to 128: expected an address or a block, as 192.0.2.0/24 or 2001:db8::/32
            10.1.2.3/8       | '10.1.2.3/8' has bits behind its prefix: expected 10.0.0.0/8, or 10.1.2.3
            0.0.0.1/0        | '0.0.0.1/0' has bits behind its prefix: expected 0.0.0.0/0, or 0.0.0.1
            2001:db8::1/64   | '2001:db8::1/64' has bits behind its prefix: expected 2001:db8:0:0:0:0:0:0/64, or 2001:db8::1
            """)
    void whatIsNoBlock(String text, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse(text)).withMessage(message);
    }

    @Test
    void theSameBlockIsTheSameHoweverItIsWritten() {
        assertThat(Cidr.parse("192.0.2.1")).isEqualTo(Cidr.parse("::ffff:192.0.2.1/128"));
        assertThat(Cidr.parse("192.0.2.1")).hasSameHashCodeAs(Cidr.parse("::ffff:192.0.2.1/128"));
        assertThat(List.of("192.0.2.0/25", "192.0.2.0/24", "192.0.3.0/24", "2001:db8::/64", "2001:db8:0:1::/64", "::/0")
                        .stream()
                        .map(Cidr::parse)
                        .map(Cidr::hashCode))
                .doesNotHaveDuplicates();
        assertThat(Cidr.parse("2001:db8::1")).isNotEqualTo(Cidr.parse("2001:db8::2"));
        assertThat(Cidr.parse("2001:db8::/64")).isNotEqualTo(Cidr.parse("2001:db8:0:1::/64"));
        assertThat(Cidr.parse("192.0.2.0/24")).isNotEqualTo(Cidr.parse("192.0.2.0/25"));
        assertThat(Cidr.parse("192.0.2.0/24")).hasToString("192.0.2.0/24");
    }
}
