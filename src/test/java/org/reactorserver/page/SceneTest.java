package org.reactorserver.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.reactorserver.PassStep;
import org.reactorserver.Session;

class SceneTest {
    private final AtomicLong clock = new AtomicLong(1_000);
    private final Scene scene = new Scene(clock::get, null);

    @Test
    void whileNobodyLooksNothingIsWrittenDownButThePassesCount() {
        scene.passBegan();
        scene.stepBegan(PassStep.SELECT);
        scene.passBegan();
        Scene.Take take = scene.take(true);
        assertThat(take.happenings()).isEmpty();
        assertThat(take.next().pass()).isEqualTo(2);
        assertThat(take.next().at()).isEqualTo(What.SELECT);
        scene.sleeps(0);
        assertThat(scene.take(true).next().at()).isEqualTo(What.SLEEPS);
        scene.selected(1, true);
        assertThat(scene.take(true).next().at()).isEqualTo(What.SELECT);
    }

    @Test
    void whatHappensIsWrittenDownWithPassThreadAndTime() {
        scene.setWatched(true);
        scene.passBegan();
        clock.addAndGet(5_000);
        scene.selected(2, true);
        assertThat(scene.take(false).happenings())
                .containsExactly(new Happening(
                        What.SELECTED, 5_000, 1, Thread.currentThread().getName(), 0, 2, 1, null));
    }

    @Test
    void noMoreIsWrittenDownThanIsTakenAndWhatFollowsBeginsWithWhoIsThere() {
        scene.setWatched(true);
        for (int i = 0; i < 2 * Scene.MOST; i++) {
            scene.keyReady(i, 1);
        }
        Scene.Take take = scene.take(false);
        assertThat(take.happenings()).hasSize(Scene.MOST);
        assertThat(take.happenings().get(Scene.MOST - 1).session()).isEqualTo(Scene.MOST - 1);
        assertThat(take.next()).isNotNull();
        scene.keyReady(7, 1);
        assertThat(scene.take(false).happenings()).hasSize(1);
    }

    @Test
    void withoutAHoleThereIsNoNeedToSayWhoIsThere() {
        scene.setWatched(true);
        scene.keyReady(1, 1);
        assertThat(scene.take(false).next()).isNull();
    }

    @Test
    void messagesThatAreNotWrittenDownAreCounted() {
        scene.setWatched(true);
        Session session = Spoken.session(3);
        for (int i = 0; i < Scene.MOST + 5; i++) {
            scene.received(session, "m");
        }
        assertThat(scene.take(false).missed()).isEqualTo(5);
        scene.received(session, "m");
        assertThat(scene.take(false).missed()).isZero();
    }

    @Test
    void messagesOfBytesAreToldByTheirLength() {
        scene.setWatched(true);
        scene.received(Spoken.session(3), new byte[7]);
        scene.queued(Spoken.session(3), new byte[12]);
        assertThat(scene.take(false).happenings())
                .extracting(each -> each.what() + " " + each.text())
                .containsExactly("RECEIVED 7 B", "QUEUED 12 B");
    }

    @Test
    void aLongMessageIsCutAndNoCharacterWithIt() {
        scene.setWatched(true);
        scene.received(Spoken.session(3), "x".repeat(Happening.LONGEST - 1) + "😀" + "y".repeat(1_000_000));
        assertThat(scene.take(false).happenings().get(0).text())
                .isEqualTo("x".repeat(Happening.LONGEST - 1) + "… (1000121)");
    }
}
