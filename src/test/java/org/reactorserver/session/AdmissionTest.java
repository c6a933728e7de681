package org.reactorserver.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactorserver.CloseReason;
import org.reactorserver.ReactorServer;
import org.reactorserver.framing.Framing;
import org.reactorserver.loop.LoopProbe;
import org.reactorserver.loop.Timers;
import org.reactorserver.option.Figures;

/** Who is admitted, and who is served, without connections. */
class AdmissionTest {
    private final Timers timers = LoopProbe.timers();
    private final Counters counters = new Counters();
    private final List<Client> gaveWay = new ArrayList<>();
    private final List<Client> served = new ArrayList<>();

    private final class Client implements Admission.Guest {
        private final InetAddress address;

        Client(int number) throws Exception {
            address = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) number});
        }

        @Override
        public InetAddress address() {
            return address;
        }

        @Override
        public void giveWay() {
            gaveWay.add(this);
        }

        @Override
        public void open() {
            served.add(this);
        }
    }

    private Admission admission(ReactorServer.Builder builder) {
        return new Admission(builder.settings(), timers, counters, 0);
    }

    private static ReactorServer.Builder builder() {
        return ReactorServer.builder(Framing.lines()).handler((session, message) -> {});
    }

    private Client admitted(Admission admission, int number) throws Exception {
        Client client = new Client(number);
        admission.arrive(client);
        assertThat(admission.objection(client.address(), 0)).isNull();
        admission.know(client);
        admission.enter(client);
        return client;
    }

    @Test
    void theLastOneForWhomThereIsRoomDrivesNobodyOut() throws Exception {
        Admission admission = admission(builder().maxConnections(3));
        admitted(admission, 1);
        Client silent = new Client(2);
        admission.arrive(silent);
        admission.arrive(new Client(3));
        assertThat(gaveWay).isEmpty();
        admission.arrive(new Client(4));
        assertThat(gaveWay).as("who has been silent the longest").containsExactly(silent);
    }

    @Test
    void whoHasSpokenGivesWayIfNobodyElseIsSilent() throws Exception {
        Admission admission = admission(builder().maxConnections(1));
        Client speaking = new Client(1);
        admission.arrive(speaking);
        admission.hear(speaking);
        admission.arrive(new Client(2));
        assertThat(gaveWay).as("the newcomer alone is silent").containsExactly(speaking);
    }

    @Test
    void soManyArriveAtATimeAndNoMore() throws Exception {
        Admission admission = admission(builder().maxConnections(2 * Figures.MOST_ARRIVING));
        for (int i = 0; i < Figures.MOST_ARRIVING; i++) {
            admission.arrive(new Client(1));
        }
        assertThat(gaveWay).isEmpty();
        admission.arrive(new Client(1));
        assertThat(gaveWay).hasSize(1);
    }

    @Test
    void anAddressHasItsPlacesBackOneByOne() throws Exception {
        Admission admission = admission(builder().maxConnectionsPerIp(3));
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clients.add(admitted(admission, 1));
        }
        InetAddress address = clients.get(0).address();
        assertThat(admission.objection(address, 0)).isEqualTo(CloseReason.TOO_MANY_FROM_ADDRESS);
        admission.leave(clients.get(0), 0, Seat.TAKEN);
        assertThat(admission.objection(address, 0)).isNull();
        clients.add(admitted(admission, 1));
        assertThat(admission.objection(address, 0)).isEqualTo(CloseReason.TOO_MANY_FROM_ADDRESS);
    }

    @Test
    void whoLeavesWhileItArrivesCountsForItsAddressOnlyIfThatWasKnown() throws Exception {
        Admission admission = admission(builder().maxConnectionsPerIp(1));
        Client known = new Client(1);
        admission.arrive(known);
        admission.know(known);
        assertThat(admission.objection(known.address(), 0)).isEqualTo(CloseReason.TOO_MANY_FROM_ADDRESS);
        Client unknown = new Client(1);
        admission.arrive(unknown);
        admission.leave(unknown, 0, Seat.ARRIVING);
        assertThat(admission.objection(known.address(), 0)).isEqualTo(CloseReason.TOO_MANY_FROM_ADDRESS);
        admission.leave(known, 0, Seat.KNOWN);
        assertThat(admission.objection(known.address(), 0)).isNull();
        assertThat(admission.arriving()).isZero();
    }

    @Test
    void moreConnectionsInASecondThanMayBeAreRefused() throws Exception {
        Admission admission = admission(builder().connectRatePerIp(2));
        InetAddress address = new Client(1).address();
        List<CloseReason> objections = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            objections.add(admission.objection(address, 0));
        }
        assertThat(objections.get(0)).isNull();
        assertThat(objections.get(9)).isEqualTo(CloseReason.CONNECT_RATE_EXCEEDED);
        assertThat(admission.objection(address, Duration.ofSeconds(10).toNanos()))
                .isNull();
    }

    @Test
    void aPlaceStaysEmptyForTheGapUnlessTheServerIsToEnd() throws Exception {
        Admission admission = admission(builder().activeSessions(1).sessionGap(Duration.ofSeconds(1)));
        Client first = admitted(admission, 1);
        Client second = admitted(admission, 2);
        Client third = admitted(admission, 3);
        assertThat(admission.queued()).isEqualTo(2);
        assertThat(counters.waiting).isEqualTo(2);
        admission.leave(first, 0, Seat.TAKEN);
        assertThat(served).containsExactly(first);
        LoopProbe.runDue(timers, Duration.ofSeconds(1).toNanos());
        assertThat(served).containsExactly(first, second);
        admission.leave(second, 0, Seat.TAKEN);
        admission.hurry();
        assertThat(served).containsExactly(first, second, third);
        assertThat(admission.occupied()).isEqualTo(1);
        LoopProbe.runDue(timers, Long.MAX_VALUE / 2);
        assertThat(admission.occupied()).as("a gap is over once").isEqualTo(1);
    }
}
