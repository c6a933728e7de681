package org.reactorserver.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.GroupBus;
import org.reactorserver.helper.Await;
import org.reactorserver.helper.Caller;
import org.reactorserver.helper.ChildProcess;
import org.reactorserver.helper.Instance;
import org.reactorserver.testkit.MemoryBus;

/** Groups with members on several servers, over a bus in memory. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedGroupsTest {
    private final MemoryBus bus = new MemoryBus();
    private final GroupBus ofOne = bus.connection("one");

    private static void meet(Instance one, Instance two) {
        one.awaitMembers(two, 1);
        two.awaitMembers(one, 1);
    }

    @Test
    void membersHereAndElsewhereGetItOnceAndInOrder() throws Exception {
        try (Instance one = new Instance("one", ofOne);
                Instance two = new Instance("two", bus.connection("two"));
                Caller anna = one.member();
                Caller ben = two.member()) {
            meet(one, two);
            assertThat(one.room.share("first")).isEqualTo(new Sent(1, Sent.Elsewhere.QUEUED));
            assertThat(one.room.send("second ü")).isEqualTo(1);
            assertThat(one.room.share("third".getBytes()).isQueued()).isTrue();
            for (Caller each : new Caller[] {anna, ben}) {
                assertThat(each.line()).isEqualTo("first");
                assertThat(each.line()).isEqualTo("second ü");
                assertThat(each.line()).isEqualTo("third");
            }
            two.room.send("back");
            assertThat(anna.line()).isEqualTo("back");
            assertThat(ben.line()).isEqualTo("back");
            assertThat(one.shared.stats().received()).isEqualTo(1);
            assertThat(two.shared.stats().received()).isEqualTo(3);
            assertThat(one.shared.stats().missed() + one.shared.stats().stale()).isZero();
        }
    }

    /** Each other instance once, however many members it has; and one without members not at all. */
    @Test
    void itGoesToEachOtherInstanceOnce() throws Exception {
        try (Instance one = new Instance("one", ofOne);
                Instance two = new Instance("two", bus.connection("two"));
                Instance none = new Instance("none", bus.connection("none"))) {
            one.member();
            Caller[] members = {two.member(), two.member(), two.member()};
            one.awaitMembers(two, 3);
            two.awaitMembers(one, 1);
            assertThat(none.room.everywhere()).isEmpty();
            assertThat(one.room.everywhere()).isEqualTo(Map.of("one", 1, "two", 3));
            one.room.send("hello");
            for (Caller member : members) {
                assertThat(member.line()).isEqualTo("hello");
            }
            assertThat(two.shared.stats().received()).isEqualTo(1);
            assertThat(none.shared.stats().received()).isZero();
            none.room.send("from outside");
            assertThat(members[0].line()).isEqualTo("from outside");
        }
    }

    @Test
    void everyoneIsEverySessionOfEveryInstance() throws Exception {
        try (Instance one = new Instance("one", ofOne);
                Instance two = new Instance("two", bus.connection("two"));
                Caller anna = one.member();
                Caller ben = two.member()) {
            SharedGroup all = one.shared.everyone();
            two.shared.everyone();
            Await.until(
                    "they know each other",
                    ChildProcess.PATIENCE,
                    () -> all.everywhere().size() == 2);
            all.send("good night");
            assertThat(anna.line()).isEqualTo("good night");
            assertThat(ben.line()).isEqualTo("good night");
        }
    }

    @Test
    void whatWasMissedIsCountedExactlyAndToldOnceTheBusIsBack() throws Exception {
        try (Instance one = new Instance("one", ofOne);
                Instance two = new Instance("two", bus.connection("two"));
                Caller anna = one.member();
                Caller ben = two.member()) {
            meet(one, two);
            one.room.send("heard");
            assertThat(ben.line()).isEqualTo("heard");
            bus.stop();
            for (int i = 0; i < 7; i++) {
                assertThat(one.room.share("lost").elsewhere()).isEqualTo(Sent.Elsewhere.BUS_DOWN);
            }
            bus.start();
            two.awaitTold("room missed 7 of one"); // by what is told when the bus is back
            one.room.send("again");
            assertThat(ben.line()).isEqualTo("again");
            assertThat(anna.line()).isEqualTo("heard");
            assertThat(anna.line()).as("local delivery goes on").isEqualTo("lost");
            assertThat(two.shared.stats().missed()).isEqualTo(7);
            assertThat(one.shared.stats().unpublished()).isEqualTo(7);
            assertThat(two.told).contains("bus down: the bus was stopped");
            assertThat(two.shared.stats().interruptions()).isEqualTo(1);
        }
    }

    @Test
    void whoIsCutOffAloneLearnsWhatItHasMissed() throws Exception {
        try (Instance one = new Instance("one", ofOne);
                Instance two = new Instance("two", bus.connection("two"))) {
            one.member();
            Caller ben = two.member();
            meet(one, two);
            one.room.send("before");
            assertThat(ben.line()).isEqualTo("before");
            bus.cut(ofOne);
            two.room.send("while one is away");
            two.room.send("while one is away");
            Await.until(
                    "they have gone",
                    ChildProcess.PATIENCE,
                    () -> two.shared.stats().waitingBytes() == 0);
            assertThat(one.shared.stats().missed()).isZero();
            bus.heal(ofOne);
            one.awaitTold("room missed 2 of two");
        }
    }

    @Test
    void aBusThatIsNotThereAtTheStartIsToldOnceAndJoinedLater() throws Exception {
        bus.stop();
        try (Instance one = new Instance("one", ofOne);
                Caller anna = one.member()) {
            one.awaitTold("bus down: the bus was stopped");
            assertThat(one.room.share("alone").here()).isEqualTo(1);
            assertThat(anna.line()).isEqualTo("alone");
            bus.start();
            try (Instance two = new Instance("two", bus.connection("two"))) {
                two.member();
                meet(one, two);
                assertThat(one.told).containsSubsequence("bus down: the bus was stopped", "bus up", "two came");
                assertThat(one.told)
                        .filteredOn(each -> each.startsWith("bus down"))
                        .hasSize(1);
            }
            one.awaitTold("two left");
            assertThat(one.room.everywhere()).isEqualTo(Map.of("one", 1));
        }
    }

    @Test
    void whoIsSilentForTooLongIsGone() throws Exception {
        try (Instance one = new Instance("one", SharedGroups.over(ofOne).deadline(Duration.ofMillis(400)));
                Instance two = new Instance("two", bus.connection("two"))) {
            GroupBus connection = bus.connection("three");
            Instance three = new Instance("three", connection);
            one.member();
            two.member();
            three.member();
            one.awaitMembers(three, 1);
            bus.cut(connection);
            one.awaitTold("three left");
            assertThat(one.room.everywhere()).doesNotContainKey("three");
            bus.heal(connection);
            one.awaitMembers(three, 1);
            three.close();
        }
    }

    @Test
    void messagesToAQueueThatIsFullAreRefusedAndCountedElsewhere() throws Exception {
        StuckBus stuck = new StuckBus(ofOne);
        try (Instance one = new Instance("one", SharedGroups.over(stuck).queueLimit(10_000));
                Instance two = new Instance("two", bus.connection("two"))) {
            Caller anna = one.member();
            two.member();
            meet(one, two);
            one.room.send("before");
            Await.until(
                    "it has gone",
                    ChildProcess.PATIENCE,
                    () -> two.shared.stats().received() == 1);
            stuck.hold();
            String text = "x".repeat(1_000);
            int sent = 0;
            int refused = 0;
            while (refused < 5) {
                sent++;
                refused += one.room.share(text).elsewhere() == Sent.Elsewhere.QUEUE_FULL ? 1 : 0;
            }
            assertThat(sent).isLessThan(20);
            assertThat(one.shared.stats().waitingBytes()).isLessThanOrEqualTo(10_000);
            assertThat(anna.line()).isEqualTo("before");
            assertThat(anna.line()).as("nobody waits").isEqualTo(text);
            stuck.release();
            two.awaitTold("room missed 5 of one");
            assertThat(two.shared.stats().received()).isEqualTo(1 + sent - 5);
        }
    }

    @Test
    void whatIsTooLongStaysHere() throws Exception {
        try (Instance one = new Instance("one", ofOne);
                Instance two = new Instance("two", bus.connection("two"))) {
            one.member();
            two.member();
            meet(one, two);
            assertThat(one.room.share("x".repeat(1 << 20)).elsewhere()).isEqualTo(Sent.Elsewhere.TOO_LONG);
            one.room.send("short");
            two.awaitTold("room missed 1 of one");
        }
    }

    @Test
    void whatTheFramingCannotCarryGoesNowhere() throws Exception {
        try (Instance one = new Instance("one", ofOne);
                Instance two = new Instance("two", bus.connection("two"))) {
            one.member();
            Caller ben = two.member();
            meet(one, two);
            assertThatThrownBy(() -> one.room.send("two\nlines")).isInstanceOf(IllegalArgumentException.class);
            one.room.send("one line");
            assertThat(ben.line()).isEqualTo("one line");
            assertThat(two.shared.stats().missed()).isZero();
        }
    }

    @Test
    void withoutMembersNothingComesIn() throws Exception {
        try (Instance one = new Instance("one", ofOne);
                Instance two = new Instance("two", bus.connection("two"))) {
            one.member();
            Caller ben = two.member();
            meet(one, two);
            ben.close();
            one.awaitMembers(two, 0);
            Await.until("it has unsubscribed", ChildProcess.PATIENCE, () -> {
                long received = two.shared.stats().received();
                one.room.send("to nobody there");
                Thread.sleep(20);
                return received == two.shared.stats().received();
            });
            Caller again = two.member();
            one.awaitMembers(two, 1);
            one.room.send("welcome back");
            assertThat(again.line()).isEqualTo("welcome back");
            assertThat(two.shared.stats().missed())
                    .as("of the time without members nothing")
                    .isZero();
        }
    }

    @Test
    void namesHaveALimit() throws Exception {
        try (Instance one = new Instance("one", ofOne)) {
            assertThatThrownBy(() -> one.shared.group("")).hasMessageContaining("1 to 255 bytes, not 0");
            assertThatThrownBy(() -> one.shared.group("ü".repeat(128))).hasMessageContaining("not 256");
            one.shared.group("ü".repeat(127));
        }
    }
}
