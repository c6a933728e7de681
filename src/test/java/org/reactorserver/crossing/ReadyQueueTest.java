package org.reactorserver.crossing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which session is next: those with little to do first, and those with much in time. */
class ReadyQueueTest {
    private static final int TURNS_PER_BULK = 9;

    private final ReadyQueue queue = new ReadyQueue();

    private record Named(long id) implements Job {
        @Override
        public long run(long now) {
            return now;
        }

        @Override
        public void flush() {}
    }

    @Test
    void whoHasLittleToDoGoesFirstInOrder() {
        List<Job> prompt = List.of(new Named(1), new Named(2));
        List<Job> bulk = List.of(new Named(3), new Named(4));
        queue.add(prompt, bulk);
        assertThat(List.of(queue.poll(), queue.poll(), queue.poll(), queue.poll()))
                .containsExactly(prompt.get(0), prompt.get(1), bulk.get(0), bulk.get(1));
        assertThat(queue.poll()).isNull();
    }

    /** However many others there are, and though ever more of them come. */
    @Test
    void whoHasMuchToDoIsNotStarved() {
        List<Job> bulk = List.of(new Named(-1), new Named(-2), new Named(-3));
        queue.add(List.of(), bulk);
        List<Integer> turns = new ArrayList<>();
        for (int turn = 1; turns.size() < bulk.size() && turn < 1_000; turn++) {
            queue.add(List.of(new Named(2 * turn), new Named(2 * turn + 1)), List.of());
            if (queue.poll().id() < 0) {
                turns.add(turn);
            }
        }
        assertThat(turns).containsExactly(TURNS_PER_BULK, 2 * TURNS_PER_BULK, 3 * TURNS_PER_BULK);
    }
}
