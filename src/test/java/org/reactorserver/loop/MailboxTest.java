package org.reactorserver.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** No letter is lost, no owner that is awake is woken, and no owner sleeps while a letter waits. */
class MailboxTest {
    private final Mailbox mailbox = new Mailbox();
    private final AtomicLong rung = new AtomicLong();
    private long sleeps;

    private static Letter letter() {
        return new Letter() {
            @Override
            protected void onDelivery() {}
        };
    }

    private List<Letter> takeAll() {
        List<Letter> letters = new ArrayList<>();
        for (Letter letter = mailbox.takeAll(); letter != null; letter = letter.next) {
            letters.add(letter);
        }
        return letters;
    }

    @Test
    void lettersAreTakenInTheOrderOfPosting() {
        Letter first = letter();
        Letter second = letter();
        Letter third = letter();
        mailbox.post(first);
        mailbox.post(second);
        mailbox.post(third);
        assertThat(takeAll()).containsExactly(first, second, third);
        assertThat(mailbox.takeAll()).isNull();
    }

    @Test
    void aLetterStandsInTheMailboxOnce() {
        Letter letter = letter();
        Letter other = letter();
        mailbox.post(letter);
        mailbox.post(other);
        mailbox.post(letter);
        assertThat(takeAll()).containsExactly(letter, other);
        mailbox.post(letter);
        assertThat(takeAll()).as("before its stamp is taken off").isEmpty();
        letter.unstamp();
        mailbox.post(letter);
        assertThat(takeAll()).containsExactly(letter);
    }

    @Test
    void whoeverPostsFirstToASleeperWakesItAndNobodyElseDoes() {
        assertThat(mailbox.fallAsleep()).isTrue();
        assertThat(mailbox.post(letter())).isTrue();
        assertThat(mailbox.post(letter())).isFalse();
        assertThat(mailbox.awake()).as("woken by a poster").isTrue();
        assertThat(mailbox.post(letter())).isFalse();
    }

    @Test
    void nobodyIsWokenWhoIsAwake() {
        assertThat(mailbox.post(letter())).isFalse();
        takeAll();
        assertThat(mailbox.fallAsleep()).isTrue();
        assertThat(mailbox.awake()).as("woken by a poster").isFalse();
        assertThat(mailbox.post(letter())).isFalse();
    }

    @Test
    void nobodySleepsOnALetter() {
        mailbox.post(letter());
        assertThat(mailbox.fallAsleep()).isFalse();
        assertThat(mailbox.post(letter())).as("is to wake one who is awake").isFalse();
        takeAll();
        assertThat(mailbox.fallAsleep()).isTrue();
    }

    @Test
    void aLetterThatIsPostedAgainWakesNobody() {
        Letter letter = letter();
        mailbox.post(letter);
        takeAll();
        assertThat(mailbox.fallAsleep()).isTrue();
        assertThat(mailbox.post(letter)).as("it is still to be delivered").isFalse();
    }

    /** As a session's letter, which stands already because of another poster; the owner is just about to look. */
    @Test
    void whatIsPublishedWithoutAFenceIsSeenThoughTheLetterStandsAlready() throws Exception {
        int rounds = Integer.getInteger("mailbox.rounds", 300_000);
        Letter letter = letter();
        AtomicInteger published = new AtomicInteger();
        AtomicInteger round = new AtomicInteger();
        AtomicInteger posted = new AtomicInteger();
        Thread poster = new Thread(() -> {
            for (int i = 1; i <= rounds; i++) {
                while (round.get() < i) {
                    Thread.onSpinWait();
                }
                published.lazySet(i);
                mailbox.post(letter);
                posted.lazySet(i);
            }
        });
        poster.setDaemon(true);
        poster.start();
        for (int i = 1; i <= rounds; i++) {
            mailbox.post(letter);
            round.lazySet(i);
            for (int spins = i % 64; spins > 0; spins--) {
                Thread.onSpinWait();
            }
            int seen = look(published);
            while (posted.get() < i) {
                Thread.onSpinWait();
            }
            seen = Math.max(seen, look(published));
            assertThat(seen).as("what the owner has seen").isEqualTo(i);
        }
        poster.join();
    }

    /** Owner: takes the letter, if it stands, and then looks; 0 if it does not. */
    private int look(AtomicInteger published) {
        Letter letter = mailbox.takeAll();
        if (letter == null) {
            return 0;
        }
        letter.unstamp();
        return published.get();
    }

    /** A poster with one letter, posted anew for every number, once the one before has been seen. */
    private final class Poster extends Letter implements Runnable {
        private static final int LAST = 50_000;

        private final Semaphore bell;
        private volatile int published;
        private volatile int seen;

        Poster(Semaphore bell) {
            this.bell = bell;
        }

        @Override
        public void run() {
            for (int i = 1; i <= LAST; i++) {
                published = i;
                if (mailbox.post(this)) {
                    rung.incrementAndGet();
                    bell.release();
                }
                while (seen < i && !Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
            }
        }

        @Override
        protected void onDelivery() {
            seen = published;
        }
    }

    /**
     * The bell is rung as the selector is woken: at most once each time that the owner says that it
     * falls asleep, and remembered. It does so just when the posters have the next number, so a gap of a
     * few instructions shows.
     */
    @Test
    void underContentionEverythingPublishedIsSeenAndNoWakeUpIsLost() throws Exception {
        Semaphore bell = new Semaphore(0);
        List<Poster> posters = List.of(new Poster(bell), new Poster(bell));
        List<Thread> threads = posters.stream().map(Thread::new).toList();
        threads.forEach(Thread::start);
        try {
            while (posters.stream().anyMatch(poster -> poster.seen < Poster.LAST)) {
                sleep(bell, posters);
                deliver();
            }
        } finally {
            threads.forEach(Thread::interrupt);
        }
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(20));
            assertThat(thread.isAlive()).isFalse();
        }
        assertThat(posters).extracting(poster -> poster.seen).containsOnly(Poster.LAST);
        assertThat(rung.get()).as("wake-ups").isLessThanOrEqualTo(sleeps);
    }

    private void sleep(Semaphore bell, List<Poster> posters) throws InterruptedException {
        sleeps++;
        if (mailbox.fallAsleep()) {
            assertThat(bell.tryAcquire(20, TimeUnit.SECONDS))
                    .as("woken up, having seen %s", seen(posters))
                    .isTrue();
            mailbox.awake();
        }
    }

    private void deliver() {
        for (Letter letter = mailbox.takeAll(); letter != null; ) {
            Letter next = letter.next;
            letter.unstamp();
            letter.onDelivery();
            letter = next;
        }
    }

    private static List<Integer> seen(List<Poster> posters) {
        return posters.stream().map(poster -> poster.seen).toList();
    }
}
