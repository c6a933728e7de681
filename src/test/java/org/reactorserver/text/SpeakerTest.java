package org.reactorserver.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No caller waits for a task, however long it takes. */
@Timeout(60)
class SpeakerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> leftOut = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch stuck = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final Speaker speaker = new Speaker("speaker", 10, Duration.ofMillis(20), leftOut::add);

    @AfterEach
    void release() {
        released.countDown();
    }

    private void sayAndStick() throws InterruptedException {
        speaker.say(() -> {
            stuck.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            said.add("stuck");
        });
        assertThat(stuck.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void saysEverythingInOrder() {
        for (int i = 0; i < 10; i++) {
            String text = Integer.toString(i);
            speaker.say(() -> said.add(text));
        }
        assertThat(speaker.flush(PATIENCE)).isTrue();
        assertThat(said)
                .isEqualTo(IntStream.range(0, 10).mapToObj(Integer::toString).toList());
        assertThat(leftOut).isEmpty();
    }

    @Test
    void goesByTheNameOfWhoSaidIt() throws InterruptedException {
        Thread thread = new Thread(
                () -> speaker.say(() -> said.add(Thread.currentThread().getName())), "who said it");
        thread.start();
        thread.join();
        assertThat(speaker.flush(PATIENCE)).isTrue();
        assertThat(said).containsExactly("who said it");
    }

    @Test
    void holdsNobodyUpWhileItIsStuckAndCountsWhatItLeavesOut() throws InterruptedException {
        sayAndStick();
        for (int i = 0; i < 110; i++) {
            speaker.say(() -> said.add("text")); // would hang here
        }
        assertThat(speaker.flush(Duration.ofMillis(1))).isFalse();
        assertThat(said).isEmpty();
        released.countDown();
        assertThat(speaker.flush(PATIENCE)).isTrue();
        assertThat(said).hasSize(11);
        assertThat(leftOut).containsExactly(100L);
    }

    @Test
    void whatFailsIsLeftOutAndHurtsNobody() {
        speaker.say(() -> {
            throw new OutOfMemoryError("said by a test");
        });
        speaker.say(() -> said.add("next"));
        assertThat(speaker.flush(PATIENCE)).isTrue();
        assertThat(said).containsExactly("next");
        assertThat(leftOut).containsExactly(1L);
    }

    @Test
    void anInterruptThatWasLeftOverEndsNothing() {
        speaker.say(() -> Thread.currentThread().interrupt());
        speaker.say(() -> said.add("next"));
        assertThat(speaker.flush(PATIENCE)).isTrue();
        assertThat(said).containsExactly("next");
    }

    @Test
    void itsThreadEndsWhenThereIsNothingToSayAndStartsAnew() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
            speaker.say(() -> threads.add(Thread.currentThread()));
            assertThat(speaker.flush(PATIENCE)).isTrue();
            threads.get(0).join(PATIENCE.toMillis());
            assertThat(threads.get(0).isAlive()).isFalse();
            assertThat(speaker.flush(Duration.ZERO)).isTrue();
        }
    }

    @Test
    void itsThreadKeepsNoApplicationAliveAndNoProcess() {
        Thread.currentThread().setContextClassLoader(new ClassLoader() {});
        try {
            List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
            List<ClassLoader> loaders = Collections.synchronizedList(new ArrayList<>());
            speaker.say(() -> {
                threads.add(Thread.currentThread());
                loaders.add(Thread.currentThread().getContextClassLoader());
            });
            assertThat(speaker.flush(PATIENCE)).isTrue();
            assertThat(threads.get(0).isDaemon()).isTrue();
            assertThat(loaders).containsExactly(Speaker.class.getClassLoader());
        } finally {
            Thread.currentThread().setContextClassLoader(SpeakerTest.class.getClassLoader());
        }
    }
}
