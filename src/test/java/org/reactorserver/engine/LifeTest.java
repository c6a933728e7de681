package org.reactorserver.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactorserver.CloseReason;
import org.reactorserver.SessionState;
import org.reactorserver.framing.FramingException;
import org.reactorserver.wire.ProxyException;
import org.reactorserver.wire.TlsException;

/** How far a connection has come, and why it ends. */
class LifeTest {
    private final Life life = new Life(100);

    private Life in(SessionState state) {
        if (state != SessionState.ARRIVING) {
            life.to(state, 200);
        }
        return life;
    }

    @Test
    void itGoesForwardOnly() {
        assertThat(life.state()).isEqualTo(SessionState.ARRIVING);
        assertThat(life.since()).isEqualTo(100);
        life.to(SessionState.OPEN, 200);
        assertThat(life.is(SessionState.OPEN)).isTrue();
        assertThat(life.since()).isEqualTo(200);
        assertThatIllegalStateException().isThrownBy(() -> life.to(SessionState.OPEN, 300));
        assertThatIllegalStateException().isThrownBy(() -> life.to(SessionState.WAITING, 300));
    }

    @ParameterizedTest
    @EnumSource
    void onlyWhoIsServedIsActive(SessionState state) {
        in(state).active(300);
        assertThat(life.since())
                .isEqualTo(state == SessionState.OPEN ? 300 : state == SessionState.ARRIVING ? 100 : 200);
    }

    @ParameterizedTest
    @CsvSource({
        "ARRIVING, true, false",
        "WAITING, true, false",
        "OPEN, true, false",
        "DRAINING, false, false",
        "LINGERING, false, false",
        "CLOSED, false, true",
        "GONE, false, true"
    })
    void whatFollowsFromItsState(SessionState state, boolean goesOn, boolean isClosed) {
        in(state);
        assertThat(life.goesOn()).isEqualTo(goesOn);
        assertThat(life.isClosed()).isEqualTo(isClosed);
        life.end(CloseReason.IDLE_TIMEOUT);
        assertThat(life.goesOn()).isFalse();
    }

    @Test
    void theFirstReasonWins() {
        assertThat(life.isEnding()).isFalse();
        life.end(CloseReason.IDLE_TIMEOUT);
        life.end(CloseReason.END_OF_STREAM);
        assertThat(life.isEnding()).isTrue();
        assertThat(life.reason()).isEqualTo(CloseReason.IDLE_TIMEOUT);
    }

    /** Until the server has ended its stream, behind all replies: from then on it is true what was promised. */
    @ParameterizedTest
    @CsvSource({
        "OPEN, END_OF_STREAM, CONNECTION_LOST",
        "DRAINING, END_OF_STREAM, CONNECTION_LOST",
        "LINGERING, END_OF_STREAM, END_OF_STREAM",
        "CLOSED, END_OF_STREAM, END_OF_STREAM",
        "OPEN, WRITE_TIMEOUT, WRITE_TIMEOUT"
    })
    void whatAnEarlierReasonPromisesMayBecomeUntrue(SessionState state, CloseReason first, CloseReason expected) {
        in(state).end(first);
        boolean changes = expected != first;
        assertThat(life.isSettled()).isNotEqualTo(changes);
        assertThat(life.overtake(CloseReason.CONNECTION_LOST)).isEqualTo(changes);
        assertThat(life.reason()).isEqualTo(expected);
    }

    @Test
    void withoutOneAnyIsTheFirst() {
        assertThat(life.isSettled()).isFalse();
        assertThat(life.overtake(CloseReason.CONNECTION_LOST)).isTrue();
        assertThat(life.reason()).isEqualTo(CloseReason.CONNECTION_LOST);
    }

    @Test
    void theReasonThatItHasIsNoNews() {
        life.end(CloseReason.MESSAGE_TOO_LARGE);
        assertThat(life.isSettled()).isFalse();
        assertThat(life.overtake(CloseReason.MESSAGE_TOO_LARGE)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"END_OF_STREAM, TRUNCATED_MESSAGE", "IDLE_TIMEOUT, IDLE_TIMEOUT"})
    void aStreamThatEndsInsideAMessage(CloseReason first, CloseReason expected) {
        life.end(first);
        life.truncate();
        assertThat(life.reason()).isEqualTo(expected);
    }

    @Test
    void whyATransportHasFailed() {
        assertThat(Life.reasonOf(new IOException("Connection reset"))).isEqualTo(CloseReason.CONNECTION_LOST);
        assertThat(Life.reasonOf(ProxyException.tooLate())).isEqualTo(CloseReason.ARRIVAL_TIMEOUT);
        assertThat(Life.reasonOf(ProxyException.untrusted("127.0.0.1"))).isEqualTo(CloseReason.PROXY_HEADER_REFUSED);
        assertThat(Life.reasonOf(TlsException.tooLate())).isEqualTo(CloseReason.ARRIVAL_TIMEOUT);
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_UTF8, INVALID_UTF8",
        "MESSAGE_TOO_LARGE, MESSAGE_TOO_LARGE",
        "NEGATIVE_LENGTH, NEGATIVE_LENGTH",
        "MALFORMED, MALFORMED_MESSAGE"
    })
    void whyAMessageIsNone(FramingException.Kind kind, CloseReason expected) {
        assertThat(Life.reasonOf(kind)).isEqualTo(expected);
    }
}
