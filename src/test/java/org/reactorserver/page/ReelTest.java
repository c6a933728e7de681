package org.reactorserver.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReelTest {
    private final Reel reel = new Reel(10);

    private void add(int number, boolean hasSnapshot, int happenings) {
        Snapshot snapshot = hasSnapshot ? new Snapshot(number, null, List.of(), 0) : null;
        Happening happening = new Happening(What.SELECT, 0, 1, "selector", 0, 0, 0, null);
        reel.add(new Frame(number, snapshot, Collections.nCopies(happenings, happening), 0, null));
    }

    private List<Long> numbers(long after) throws InterruptedException {
        List<Frame> found = reel.after(after, 1);
        return found == null ? null : found.stream().map(frame -> frame.number).toList();
    }

    @Test
    void eachGetsWhatIsBehindTheLastThatIsKnown() throws Exception {
        assertThat(reel.last()).isEqualTo(-1);
        add(0, true, 1);
        add(1, true, 1);
        add(2, false, 1);
        assertThat(reel.last()).isEqualTo(2);
        assertThat(numbers(-1)).containsExactly(0L, 1L, 2L);
        assertThat(numbers(1)).containsExactly(2L);
        assertThat(numbers(2)).isEmpty();
    }

    @Test
    void theOldestFallOutUpToASnapshotAndAreCounted() {
        add(0, true, 4);
        add(1, false, 4);
        add(2, true, 4);
        add(3, false, 4);
        Reel.Cut cut = reel.all();
        assertThat(cut.frames()).extracting(frame -> frame.number).containsExactly(2L, 3L);
        assertThat(cut.leftOut()).isEqualTo(8);
    }

    @Test
    void framesInWhichNothingHappensFallOutToo() {
        for (int i = 0; i < 20; i++) {
            add(i, true, 0);
        }
        assertThat(reel.all().frames()).hasSize(10);
    }

    @Test
    void withoutALaterSnapshotNothingFallsOut() {
        add(0, true, 40);
        add(1, false, 4);
        assertThat(reel.all().frames()).hasSize(2);
    }

    @Test
    void whoIsTooSlowGoesOnFromASnapshot() throws Exception {
        add(0, true, 4);
        add(1, false, 4);
        add(2, true, 4);
        assertThat(numbers(0)).containsExactly(2L);
    }

    @Test
    void atTheEndTheRestIsToldAndThenTheEnd() throws Exception {
        add(0, true, 1);
        reel.end();
        assertThat(numbers(-1)).containsExactly(0L);
        assertThat(numbers(0)).isNull();
    }
}
