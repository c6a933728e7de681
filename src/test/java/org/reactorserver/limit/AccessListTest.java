package org.reactorserver.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactorserver.text.IpLiteral;

class AccessListTest {

    private static List<Cidr> blocks(String text) {
        return text == null || text.isEmpty()
                ? List.of()
                : Stream.of(text.split(" ")).map(Cidr::parse).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                        |                             | 192.0.2.1        | true
            # with an allowed block nobody else
            192.0.2.0/24             |                             | 192.0.2.1        | true
            192.0.2.0/24             |                             | 192.0.3.1        | false
            192.0.2.0/24             |                             | 2001:db8::1      | false
            # without one everybody else
            ''                        | 192.0.2.0/24                | 192.0.2.1        | false
            ''                        | 192.0.2.0/24                | 192.0.3.1        | true
            ''                        | 192.0.2.0/24                | 2001:db8::1      | true
            # the longest prefix wins
            192.0.2.7                | 192.0.2.0/24                | 192.0.2.7        | true
            192.0.2.7                | 192.0.2.0/24                | 192.0.2.8        | false
            192.0.2.0/24             | 192.0.2.7                   | 192.0.2.7        | false
            192.0.2.0/24             | 192.0.2.7                   | 192.0.2.6        | true
            192.0.2.0/24             | 192.0.2.7                   | 192.0.2.8        | true
            10.0.0.0/8 10.1.1.0/24   | 10.1.0.0/16                 | 10.1.1.9         | true
            10.0.0.0/8 10.1.1.0/24   | 10.1.0.0/16                 | 10.1.2.9         | false
            10.0.0.0/8 10.1.1.0/24   | 10.1.0.0/16                 | 10.2.2.9         | true
            # ties deny
            192.0.2.0/24             | 192.0.2.0/24                | 192.0.2.1        | false
            # the families are apart, and mapped addresses are IPv4
            ''                        | ::/0                        | 192.0.2.1        | true
            ''                        | ::/0                        | 2001:db8::1      | false
            ''                        | 0.0.0.0/0                   | 192.0.2.1        | false
            ''                        | 0.0.0.0/0                   | 2001:db8::1      | true
            ''                        | 192.0.2.1                   | ::ffff:192.0.2.1 | false
            ''                        | ::ffff:192.0.2.0/120        | 192.0.2.1        | false
            # the borders of everything
            255.255.255.255          |                             | 255.255.255.255  | true
            255.255.255.255          |                             | 255.255.255.254  | false
            ffff::/16                |                             | ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff | true
            ::                       |                             | ::               | true
            ::                       |                             | ::1              | false
            2001:db8::/64            |                             | 2001:db8:0:0:ffff:ffff:ffff:ffff | true
            2001:db8::/64            |                             | 2001:db8:0:1::   | false
            """)
    void whoMayComeIn(String allowed, String denied, String address, boolean permitted) {
        assertThat(AccessList.of(blocks(allowed), blocks(denied)).permits(IpLiteral.parse(address)))
                .isEqualTo(permitted);
    }

    @Test
    void whoHasNoAddressIsNotAsked() {
        assertThat(AccessList.of(blocks("192.0.2.1"), List.of()).permits(null)).isTrue();
    }

    @Test
    void aPersonSeesTheFirstFewBlocks() {
        assertThat(AccessList.of(blocks("192.0.2.1"), List.of())).hasToString("allow 192.0.2.1");
    }

    /** Against the rule as it is said: look at all blocks, take the longest. */
    @Test
    void theBordersAreWhereTheRuleSaysSo() {
        for (int seed = 0; seed < 300; seed++) {
            Random dice = new Random(seed);
            List<Cidr> allowed = some(dice);
            List<Cidr> denied = some(dice);
            AccessList list = AccessList.of(allowed, denied);
            for (int i = 0; i < 200; i++) {
                InetAddress address = address(dice);
                int allow = longest(allowed, address);
                int deny = longest(denied, address);
                boolean expected = allow < 0 && deny < 0 ? allowed.isEmpty() : allow > deny;
                assertThat(list.permits(address))
                        .as("%s in +%s -%s, seed %d", address.getHostAddress(), allowed, denied, seed)
                        .isEqualTo(expected);
            }
        }
    }

    private static int longest(Collection<Cidr> blocks, InetAddress address) {
        return blocks.stream()
                .filter(block -> block.contains(address))
                .mapToInt(block -> block.prefix)
                .max()
                .orElse(-1);
    }

    private static List<Cidr> some(Random dice) {
        List<Cidr> blocks = new ArrayList<>();
        for (int i = dice.nextInt(8); i > 0; i--) {
            InetAddress address = address(dice);
            byte[] bytes = address.getAddress();
            int prefix = dice.nextInt(8 * bytes.length + 1);
            for (int bit = prefix; bit < 8 * bytes.length; bit++) {
                bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
            }
            InetAddress network = IpLiteral.of(bytes);
            if (network.getAddress().length == bytes.length) { // a short mapped one would be another block
                blocks.add(Cidr.parse(network.getHostAddress() + "/" + prefix));
            }
        }
        return blocks;
    }

    /** Few bits, so that blocks meet. */
    private static InetAddress address(Random dice) {
        byte[] bytes = new byte[dice.nextBoolean() ? 4 : 16];
        for (int i = 0; i < bytes.length; i++) {
            int choice = dice.nextInt(8);
            bytes[i] = (byte) (choice == 0 ? 0xFF : choice == 1 ? 0x80 : choice == 2 ? 1 : 0);
        }
        return IpLiteral.of(bytes);
    }
}
