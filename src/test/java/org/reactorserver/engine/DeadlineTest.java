package org.reactorserver.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.SelectionKey;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactorserver.SessionState;

/** What a connection asks for is a function of its state, and nothing else. */
class DeadlineTest {

    @ParameterizedTest
    @CsvSource({
        "ARRIVING, true, true, true",
        "ARRIVING, true, false, true",
        "WAITING, true, true, true",
        "WAITING, true, false, false",
        "WAITING, false, true, false",
        "OPEN, true, true, true",
        "OPEN, true, false, false",
        "OPEN, false, true, false",
        "DRAINING, false, true, false",
        "DRAINING, true, true, false",
        "LINGERING, false, false, true",
        "CLOSED, false, true, false",
        "GONE, false, true, false"
    })
    void inputIsWanted(SessionState state, boolean goesOn, boolean mayRead, boolean isWanted) {
        assertThat(Parts.wantsInput(state, goesOn, mayRead)).isEqualTo(isWanted);
    }

    @ParameterizedTest
    @CsvSource({
        // limit, proven, has begun a message, ops asked for, expected
        "0, true, false, 1, -1", // zero is never
        "0, true, true, 1, -1", // also for the rest of a message
        "30, true, true, 1, 20",
        "30, true, true, 0, -1", // the server does not read
        "30, true, false, 1, -1", // between two messages
        "30, false, false, 1, 20", // the selector has not proved to watch it
        "0, false, false, 1, 29999999990" // looked at all the same
    })
    void bytes(long messageNanos, boolean proven, boolean incomplete, int asked, long expected) {
        long left = Deadline.bytesLeft(
                messageNanos, proven, incomplete, (asked & SelectionKey.OP_READ) != 0, /* since */ 100, /* now */ 110);
        assertThat(left).isEqualTo(expected < 0 ? Deadline.NEVER : expected);
    }

    @ParameterizedTest
    @CsvSource({"0, -1", "10, 0", "11, 1", "9, -1000"})
    void aLimitOfZeroIsNoLimit(long limit, long expected) {
        long left = Deadline.left(limit, 100, 110);
        assertThat(left).isEqualTo(expected == -1 ? Deadline.NEVER : expected == -1000 ? -1 : expected);
    }

    @ParameterizedTest
    @CsvSource({"30, true, 30", "30, false, 30", "0, true, 0", "0, false, 30000000000"})
    void whatIsBlockedAndNotProvedToBeWatchedIsTriedNowAndThen(long writeNanos, boolean proven, long expected) {
        assertThat(Deadline.writeLimit(writeNanos, proven)).isEqualTo(expected);
    }
}
