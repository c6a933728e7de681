package org.reactorserver.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.text.IpLiteral;

class RatesTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;

    // ---- messages

    /** Also where the clock is about to wrap. */
    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 100 * MILLI, -50 * MILLI})
    void aSecondsWorthAtOnceThenEvenly(long start) {
        MessageRate rate = new MessageRate(new Rate(10), start);
        assertThat(rate.allowed(start)).isEqualTo(10);
        rate.took(10, start);
        assertThat(rate.allowed(start)).isZero();
        assertThat(rate.nextIn(start)).isEqualTo(100 * MILLI);
        assertThat(rate.allowed(start + 100 * MILLI - 1)).isZero();
        assertThat(rate.nextIn(start + 100 * MILLI - 1)).isEqualTo(1);
        assertThat(rate.allowed(start + 100 * MILLI)).isEqualTo(1);
        assertThat(rate.nextIn(start + 100 * MILLI)).isZero();
        assertThat(rate.allowed(start + 350 * MILLI)).isEqualTo(3);
        assertThat(rate.allowed(start + 100 * SECOND)).isEqualTo(10);
    }

    @Test
    void whatWasTakenTooMuchIsWaitedFor() {
        MessageRate rate = new MessageRate(new Rate(10), 0);
        rate.took(25, 0);
        assertThat(rate.nextIn(0)).isEqualTo(1_600 * MILLI);
        assertThat(rate.allowed(1_500 * MILLI)).isZero();
        assertThat(rate.allowed(1_600 * MILLI)).isEqualTo(1);
    }

    /** Taken one by one as soon as they are due: never more than two seconds' worth in any first second. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 1_000, Rate.MOST})
    void inTheLongRunItIsTheRate(int perSecond) {
        MessageRate rate = new MessageRate(new Rate(perSecond), 0);
        long now = 0;
        long taken = 0;
        while (now < 3 * SECOND && taken < 10L * perSecond) {
            int allowed = rate.allowed(now);
            if (allowed > 0) {
                rate.took(allowed, now);
                taken += allowed;
            }
            now += Math.max(perSecond > 10_000 ? 1_000_000 : 1, rate.nextIn(now));
        }
        assertThat(taken).isBetween(4L * perSecond - perSecond / 100 - 1, 4L * perSecond + perSecond / 100 + 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Rate.MOST + 1})
    void aRateThatThereCannotBe(int perSecond) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Rate(perSecond));
    }

    // ---- connections

    private static InetAddress client(int number) {
        return IpLiteral.of(
                new byte[] {(byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number});
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 100 * MILLI})
    void eachClientHasItsOwn(long start) {
        ConnectRate rate = new ConnectRate(new Rate(2), 7, start);
        assertThat(rate.admits(client(1), start)).isTrue();
        assertThat(rate.admits(client(1), start)).isTrue();
        assertThat(rate.admits(client(1), start)).isFalse();
        assertThat(rate.admits(client(2), start)).isTrue();
        assertThat(rate.admits(client(1), start + 500 * MILLI - 1)).isFalse();
        assertThat(rate.admits(client(1), start + 500 * MILLI)).isTrue();
        assertThat(rate.admits(client(1), start + 500 * MILLI)).isFalse();
    }

    @Test
    void whoHasNoAddressIsNotCounted() {
        ConnectRate rate = new ConnectRate(new Rate(1), 7, 0);
        assertThat(rate.admits(null, 0)).isTrue();
        assertThat(rate.admits(null, 0)).isTrue();
    }

    /** {@code ::/64} has the key that an empty place has. */
    @ParameterizedTest
    @ValueSource(longs = {0, -100 * SECOND, 100 * SECOND})
    void theClientWhoseAddressIsZeroIsOneLikeAnother(long start) {
        ConnectRate rate = new ConnectRate(new Rate(1), 7, start);
        InetAddress zero = ClientKey.USUAL.of(IpLiteral.parse("::1"));
        assertThat(rate.admits(zero, start)).isTrue();
        assertThat(rate.admits(zero, start)).isFalse();
    }

    /** Fewer than there are places, and all of them at once: no two share a bucket. */
    @Test
    void clientsDoNotShareABucket() {
        ConnectRate rate = new ConnectRate(new Rate(1), 7, 0);
        int clients = ConnectRate.CLIENTS / 8;
        int admitted = 0;
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < clients; i++) {
                admitted += rate.admits(client(i), 0) ? 1 : 0;
            }
        }
        assertThat(admitted).isBetween(clients, clients + clients / 100);
    }

    /** At the limit one bucket is forgotten, and no client is kept out. */
    @Test
    void moreClientsThanPlacesAreAllLetIn() {
        ConnectRate rate = new ConnectRate(new Rate(1), 7, 0);
        for (int i = 0; i < 4 * ConnectRate.CLIENTS; i++) {
            assertThat(rate.admits(client(i), 0)).isTrue();
        }
    }

    /** A bucket that is full again is a free place, so those that are being limited keep theirs. */
    @Test
    void whoIsBeingLimitedIsNotPushedOutByThoseThatComeOnce() {
        ConnectRate rate = new ConnectRate(new Rate(10), 7, 0);
        long now = 0;
        for (int i = 0; i < 10; i++) {
            assertThat(rate.admits(client(1), now)).isTrue();
        }
        for (int i = 2; i < ConnectRate.CLIENTS; i++) {
            rate.admits(client(i), now);
        }
        assertThat(rate.admits(client(1), now)).isFalse();
    }

    // ---- what counts as one client

    @ParameterizedTest
    @CsvSource({
        "64, 2001:db8:1:2:3:4:5:6, 2001:db8:1:2::",
        "56, 2001:db8:1:2ff:3:4:5:6, 2001:db8:1:200::",
        "57, 2001:db8:1:2ff:3:4:5:6, 2001:db8:1:280::",
        "48, 2001:db8:1:2:3:4:5:6, 2001:db8:1::",
        "1, ffff::1, 8000::",
        "127, 2001:db8::3, 2001:db8::2",
        "128, 2001:db8::3, 2001:db8::3",
        "64, 192.0.2.1, 192.0.2.1",
        "8, ::ffff:192.0.2.1, 192.0.2.1"
    })
    void oneClient(int prefix, String address, String key) {
        assertThat(new ClientKey(prefix).of(IpLiteral.parse(address))).isEqualTo(IpLiteral.parse(key));
    }

    @Test
    void oneWithoutAddress() {
        assertThat(ClientKey.USUAL.of(null)).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 129})
    void aPrefixThatThereCannotBe(int prefix) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ClientKey(prefix));
    }
}
