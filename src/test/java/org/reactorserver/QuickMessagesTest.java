package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.engine.Engine;
import org.reactorserver.framing.Framing;

/** How long a worker stays with a session where nobody observes, so that the clock is not looked at for each message. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QuickMessagesTest {
    private final Deque<Runnable> turns = new ArrayDeque<>();
    private long now;
    private int handled;

    /** Runs passes until so many messages are handled. Returns how many each turn took. */
    private List<Integer> untilHandled(Engine engine, int count) throws Exception {
        List<Integer> each = new ArrayList<>();
        while (handled < count) {
            engine.loop().execute(() -> {});
            engine.loop().pass();
            while (!turns.isEmpty()) {
                int before = handled;
                turns.remove().run();
                each.add(handled - before);
            }
        }
        return each;
    }

    /** Sends these lines at once, each of which takes so many nanoseconds. Returns how many each turn took. */
    private List<Integer> turns(String lines, int count) throws Exception {
        Engine engine = new Engine(ReactorServer.builder(Framing.lines())
                .handler((session, message) -> {
                    handled++;
                    now += Long.parseLong(message);
                })
                .port(0)
                .clock(() -> now)
                .executor(turns::add, 1)
                .settings());
        try (TestClient client = new TestClient(engine.address().getPort(), "127.0.0.1", 0)) {
            client.send(lines);
            return untilHandled(engine, count);
        } finally {
            engine.loop().close();
        }
    }

    @Test
    void fewSlowOnesPassBehindAQuickOneAndThenEachIsTimed() throws Exception {
        assertThat(turns("0\n" + "1000000\n".repeat(7), 8)).containsExactly(5, 1, 1, 1);
    }

    @Test
    void onesThatAreNotQuickAreTimedOneByOne() throws Exception {
        assertThat(turns("100000\n".repeat(6), 6)).containsExactly(3, 3);
    }
}
