package org.reactorserver.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.reactorserver.Session;
import org.reactorserver.framing.Framing;

class RecordedSessionTest {
    private final RecordedSession session = new RecordedSession(7, Framing.lines());

    @Test
    void keepsWhatIsSentUntilItIsClosed() {
        assertThat(session.send("你好")).isTrue();
        assertThat(session.send(new byte[] {'a', 'b'})).isTrue();
        session.close();
        assertThat(session.send("late")).isFalse();
        assertThat(session.sent()).containsExactly("你好", "ab");
        assertThat(session.sentBytes()).hasSize(2).last().isEqualTo(new byte[] {'a', 'b'});
        assertThat(session.isClosed()).isTrue();
        assertThat(session.isWritable()).isFalse();
    }

    @Test
    void refusesWhatTheFramingCannotCarry() {
        assertThatThrownBy(() -> session.send("two\nlines")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> session.send((String) null)).isInstanceOf(NullPointerException.class);
        assertThat(new RecordedSession().send("two\nlines")).isTrue();
    }

    @Test
    void isNotWritableWhileItsClientStalls() {
        session.send("taken");
        session.stall();
        assertThat(session.isWritable()).isTrue();
        session.send("waits");
        assertThat(session.pending()).isEqualTo(32 + 5);
        assertThat(session.isWritable()).isFalse();
        session.resume();
        assertThat(session.pending()).isZero();
        assertThat(session.isWritable()).isTrue();
    }

    @Test
    void drawsAllAtOnceAndClosesStreams() {
        boolean[] closed = new boolean[1];
        assertThat(session.sendAll(Stream.of("a", "b").onClose(() -> closed[0] = true)))
                .isCompletedWithValue(true);
        assertThat(closed[0]).isTrue();
        assertThat(session.sendAllBytes(List.of(new byte[] {'c'}).iterator())).isCompletedWithValue(true);
        assertThat(session.sent()).containsExactly("a", "b", "c");
        assertThatThrownBy(() ->
                        session.sendAll(Stream.of("x\ny")).toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(session.isClosed()).isTrue();
        assertThat(session.sendAll(Stream.of("late"))).isCompletedWithValue(false);
    }

    @Test
    void countsWhatIsHeldAndSaysWhetherItReads() {
        Session.Hold one = session.hold();
        session.hold();
        one.release();
        one.close();
        assertThat(session.held()).isEqualTo(1);
        session.pauseReading();
        assertThat(session.isPaused()).isTrue();
        session.resumeReading();
        assertThat(session.isPaused()).isFalse();
    }

    @Test
    void hasANumberAnAddressAndAnAttachment() {
        assertThat(session.id()).isEqualTo(7);
        assertThat(session.peer()).isEqualTo(session.remoteAddress());
        assertThat(session.peer().isUnresolved()).isFalse();
        assertThat(session.tls()).isNull();
        session.attach("it");
        assertThat(session.attachment()).isEqualTo("it");
        assertThat(session).hasToString("recorded session 7");
    }

    @Test
    void whatIsDueIsDoneWhenTheTimeHasPassed() {
        session.schedule(Duration.ofSeconds(2), () -> session.send("two"));
        session.schedule(Duration.ofSeconds(1), () -> session.send("one"));
        session.schedule(Duration.ofSeconds(1), () -> session.send("none")).cancel();
        session.pass(Duration.ofMillis(999));
        assertThat(session.sent()).isEmpty();
        session.pass(Duration.ofMillis(1));
        assertThat(session.sent()).containsExactly("one");
        session.pass(Duration.ofHours(1));
        session.pass(Duration.ofHours(1));
        assertThat(session.sent()).containsExactly("one", "two");
    }

    @Test
    void theFirstReasonCounts() {
        session.close("enough");
        session.close("more");
        assertThat(session.closedFor()).isEqualTo("enough");
        session.schedule(Duration.ZERO, () -> session.send("late"));
        session.pass(Duration.ZERO);
        assertThat(session.sent()).isEmpty();
    }
}
