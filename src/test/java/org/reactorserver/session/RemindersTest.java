package org.reactorserver.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactorserver.Session;
import org.reactorserver.loop.LoopProbe;
import org.reactorserver.loop.Timers;

/** Calls at a time, which are forgotten when they are cancelled, or their session is closed. */
class RemindersTest {
    private final Timers timers = LoopProbe.timers();
    private final Reminders reminders = new Reminders(timers, Runnable::run);
    private final List<String> called = new ArrayList<>();

    private Session.Scheduled at(long time, String name) {
        return reminders.at(time, reminder -> called.add(name));
    }

    @Test
    void areCalledInTheOrderOfTheirTimes() {
        at(20, "later");
        at(10, "sooner");
        LoopProbe.runDue(timers, 9);
        assertThat(called).isEmpty();
        LoopProbe.runDue(timers, 20);
        assertThat(called).containsExactly("sooner", "later");
    }

    @Test
    void whatIsCancelledIsForgotten() {
        Session.Scheduled first = at(10, "first");
        at(10, "second");
        assertThat(first.isCancelled()).isFalse();
        first.cancel();
        assertThat(first.isCancelled()).isTrue();
        LoopProbe.runDue(timers, 10);
        assertThat(called).containsExactly("second");
    }

    @Test
    void nothingIsCalledOnceTheSessionIsClosed() {
        at(10, "before");
        reminders.close();
        at(10, "after");
        LoopProbe.runDue(timers, 10);
        assertThat(called).isEmpty();
    }
}
