package org.reactorserver.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.reactorserver.text.IpLiteral;

/** Lost connections may leave messages behind, up to limits for each address and for all. */
class LostTest {
    private static final long MEMORY = 16_000; // so 4,000 for all, and 1,000 for one address

    private final Lost lost = new Lost(MEMORY, new ClientKey(64));

    private boolean enter(Object connection, String from, long bytes) {
        return lost.enter(connection, address(from), bytes);
    }

    private static InetAddress address(String text) {
        return IpLiteral.parse(text);
    }

    @Test
    void theyAreCounted() {
        assertThat(enter("a", "192.0.2.1", 10)).isTrue();
        assertThat(enter("b", "192.0.2.2", 10)).isTrue();
        assertThat(lost.count()).isEqualTo(2);
        lost.leave("a");
        lost.leave("a");
        lost.leave("never entered");
        assertThat(lost.count()).isEqualTo(1);
    }

    @Test
    void oneAddressHasAQuarterOfWhatAllHave() {
        assertThat(enter("a", "192.0.2.1", 1_001)).isFalse();
        assertThat(enter("a", "192.0.2.1", 600)).isTrue();
        assertThat(enter("b", "192.0.2.1", 401)).isFalse();
        assertThat(enter("b", "192.0.2.1", 400)).isTrue();
        assertThat(enter("c", "192.0.2.1", 1)).isFalse();
        lost.leave("a");
        assertThat(enter("c", "192.0.2.1", 600)).isTrue();
        assertThat(lost.count()).isEqualTo(2);
    }

    @Test
    void allTogetherHaveAQuarterOfTheMemory() {
        for (int i = 1; i <= 4; i++) {
            assertThat(enter(i, "192.0.2." + i, 999)).isTrue();
        }
        assertThat(enter("over", "192.0.2.5", 5)).isFalse();
        assertThat(enter("at", "192.0.2.5", 4)).isTrue();
        lost.leave(1);
        assertThat(enter("over", "192.0.2.6", 1_000)).isFalse();
        assertThat(enter("at the limit", "192.0.2.6", 999)).isTrue();
    }

    @Test
    void oneAddressHasSixtyFour() {
        for (int i = 0; i < 64; i++) {
            assertThat(enter(i, "2001:db8::" + Integer.toHexString(i), 1)).isTrue();
        }
        assertThat(enter("one more of the /64", "2001:db8::ffff", 1)).isFalse();
        assertThat(enter("of another one", "2001:db8:0:1::1", 1)).isTrue();
        lost.leave(63);
        assertThat(enter("in its place", "2001:db8::ffff", 1)).isTrue();
    }

    @Test
    void allTogetherAreThousandAndTwentyFour() {
        for (int i = 0; i < 1_024; i++) {
            assertThat(enter(i, "192.0.%d.%d".formatted(i / 250, i % 250), 1)).isTrue();
        }
        assertThat(enter("one more", "198.51.100.1", 1)).isFalse();
        lost.leave(0);
        assertThat(enter("in its place", "198.51.100.1", 1)).isTrue();
        assertThat(lost.count()).isEqualTo(1_024);
    }
}
