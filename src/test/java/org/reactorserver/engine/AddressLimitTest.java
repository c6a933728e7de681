package org.reactorserver.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.spi.SelectorProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactorserver.CloseReason;
import org.reactorserver.ReactorServer;
import org.reactorserver.framing.Framing;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.LoopObserver;
import org.reactorserver.session.Admission;
import org.reactorserver.session.Counters;
import org.reactorserver.session.Seat;
import org.reactorserver.session.Settings;

/** Who counts as one address: an IPv6 user has a network of 64 bits to choose from. */
class AddressLimitTest {
    private EventLoop loop;
    private Admission admission;

    @BeforeEach
    void makeAdmission() throws Exception {
        loop = new EventLoop(SelectorProvider.provider(), () -> 0, new LoopObserver() {});
        Settings settings = ReactorServer.builder(Framing.lines())
                .maxConnectionsPerIp(1)
                .handler((session, message) -> {})
                .settings();
        admission = new Admission(settings, loop.timers(), new Counters(), 0);
    }

    @AfterEach
    void closeTheLoop() {
        loop.stop();
        loop.run(cause -> {});
    }

    private record Guest(InetAddress address) implements Admission.Guest {
        @Override
        public void open() {}

        @Override
        public void giveWay() {
            throw new AssertionError("there is room");
        }
    }

    private void comeIn(Guest guest) {
        admission.arrive(guest);
        admission.know(guest);
        admission.enter(guest);
    }

    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8:0:1::1, 2001:db8:0:1::2, true",
        "2001:db8:0:1::1, 2001:db8:0:1:ffff:ffff:ffff:ffff, true",
        "2001:db8:0:1::1, 2001:db8:0:2::1, false",
        "2001:db8:0:1::1, 2001:db8:1:1::1, false",
        "fe80::1%1, fe80::2%1, true",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "::ffff:192.0.2.1, 192.0.2.1, true",
        "::ffff:192.0.2.1, ::ffff:192.0.2.2, false",
        "::1, 127.0.0.1, false"
    })
    void aNetworkOf64BitsIsOneAddress(String first, String second, boolean isOne) throws Exception {
        comeIn(new Guest(address(first)));
        assertThat(admission.objection(address(second), 0)).isEqualTo(isOne ? CloseReason.TOO_MANY_FROM_ADDRESS : null);
    }

    @Test
    void whoHasNoAddressCountsForNone() {
        comeIn(new Guest(null));
        assertThat(admission.objection(null, 0)).isNull();
    }

    @Test
    void whoLeavesMakesRoomForItsNeighbour() throws Exception {
        Guest guest = new Guest(address("2001:db8::1"));
        comeIn(guest);
        assertThat(admission.objection(address("2001:db8::2"), 0)).isEqualTo(CloseReason.TOO_MANY_FROM_ADDRESS);
        admission.leave(guest, 0, Seat.TAKEN);
        assertThat(admission.objection(address("2001:db8::2"), 0)).isNull();
    }
}
