package org.reactorserver.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What is drawn from iterators, and when a worker stops doing so. */
class SupplyTest {
    private static final long TURN = 300_000;

    private final List<Object> sent = new ArrayList<>();
    private boolean isOpen = true;
    private int room = Integer.MAX_VALUE;
    private int held;
    private long now;
    private long perLook;

    private final Supply supply = new Supply(new Supply.Sink() {
        @Override
        public boolean isOpen() {
            return isOpen;
        }

        @Override
        public boolean hasRoom() {
            return room > 0;
        }

        @Override
        public void onDrawn(Object message) {
            sent.add(message);
            room--;
        }

        @Override
        public void onAsked() {
            held++;
        }

        @Override
        public void onAnswered() {
            held--;
        }
    });

    private boolean draw() {
        return supply.draw(() -> {
            long time = now;
            now += perLook;
            return time;
        });
    }

    private static Boolean outcome(CompletionStage<Boolean> stage) {
        return stage.toCompletableFuture().getNow(null);
    }

    @Test
    void oneAfterTheOtherIsSentWhole() {
        CompletionStage<Boolean> first = supply.add(List.of("a", "b").iterator(), () -> sent.add("closed"));
        CompletionStage<Boolean> second = supply.add(List.of("c").iterator(), () -> {});
        assertThat(supply.isActive()).isTrue();
        assertThat(held).isEqualTo(2);
        assertThat(draw()).isFalse();
        assertThat(sent).containsExactly("a", "b", "closed", "c");
        assertThat(outcome(first)).isTrue();
        assertThat(outcome(second)).isTrue();
        assertThat(supply.isActive()).isFalse();
        assertThat(held).isZero();
    }

    @Test
    void itWaitsForRoomAndIsToldOnceThatThereIsSome() {
        room = 1;
        CompletionStage<Boolean> done = supply.add(List.of("a", "b").iterator(), () -> {});
        assertThat(supply.endWait()).as("before it has waited").isFalse();
        assertThat(draw()).isFalse();
        assertThat(sent).containsExactly("a");
        assertThat(supply.isWaiting()).isTrue();
        assertThat(supply.isActive()).isTrue();
        room = 5;
        assertThat(supply.endWait()).isTrue();
        assertThat(supply.endWait()).isFalse();
        assertThat(draw()).isFalse();
        assertThat(outcome(done)).isTrue();
    }

    @Test
    void afterItsTimeAWorkerTurnsToOthers() {
        perLook = TURN / 3;
        supply.add(List.of(1, 2, 3, 4).iterator(), () -> {});
        assertThat(draw()).as("to be gone on with").isTrue();
        assertThat(sent).as("until exactly its time is over").containsExactly(1, 2);
        perLook = 0;
        assertThat(draw()).isFalse();
        assertThat(sent).containsExactly(1, 2, 3, 4);
    }

    @Test
    void whatCannotBeSentAnyMoreIsClosed() {
        CompletionStage<Boolean> done = supply.add(List.of("a").iterator(), () -> sent.add("closed"));
        isOpen = false;
        assertThat(draw()).isFalse();
        assertThat(sent).containsExactly("closed");
        assertThat(outcome(done)).isFalse();
        assertThat(held).isZero();
    }

    @Test
    void aSourceThatCannotBeClosedIsOverAllTheSame() {
        CompletionStage<Boolean> done = supply.add(List.of().iterator(), () -> {
            throw new IllegalStateException("stuck");
        });
        assertThatThrownBy(this::draw).hasMessage("stuck");
        assertThat(outcome(done)).isTrue();
        assertThat(supply.isActive()).isFalse();
        assertThat(held).isZero();
    }
}
