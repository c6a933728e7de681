package org.reactorserver.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Nothing that is posted is lost, nobody is woken in vain, and nobody sleeps on a letter. */
class MailboxTest {
    private final Mailbox mailbox = new Mailbox();

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

    /** A poster with one letter, posted anew for every number that it publishes. */
    private final class Poster extends Letter implements Runnable {
        private static final int LAST = 100_000;

        private final Semaphore bell;
        private volatile int published;
        private int seen; // owner only
        private int deliveries; // owner only

        Poster(Semaphore bell) {
            this.bell = bell;
        }

        @Override
        public void run() {
            for (int i = 1; i <= LAST; i++) {
                published = i;
                if (mailbox.post(this)) {
                    bell.release();
                }
            }
        }

        @Override
        protected void onDelivery() {
            seen = published;
            deliveries++;
        }
    }

    /** The bell is rung as the selector is woken: at most once for a sleep, and remembered. */
    @Test
    void underContentionEverythingPublishedIsSeenAndNoWakeUpIsLostOrInVain() throws Exception {
        Semaphore bell = new Semaphore(0);
        List<Poster> posters = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            posters.add(new Poster(bell));
            threads.add(new Thread(posters.get(i), "poster-" + i));
        }
        threads.forEach(Thread::start);
        while (posters.stream().anyMatch(poster -> poster.seen < Poster.LAST)) {
            if (mailbox.fallAsleep()) {
                assertThat(bell.tryAcquire(20, TimeUnit.SECONDS))
                        .as("woken up, with %s", seen(posters))
                        .isTrue();
                assertThat(bell.availablePermits()).as("wake-ups in vain").isZero();
                assertThat(mailbox.awake()).isTrue();
            }
            for (Letter letter = mailbox.takeAll(); letter != null; ) {
                Letter next = letter.next;
                letter.unstamp();
                letter.onDelivery();
                letter = next;
            }
        }
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(20));
            assertThat(thread.isAlive()).isFalse();
        }
        assertThat(posters).allSatisfy(poster -> {
            assertThat(poster.seen).isEqualTo(Poster.LAST);
            assertThat(poster.deliveries).isBetween(1, Poster.LAST + 1);
        });
        assertThat(bell.availablePermits()).as("wake-ups in vain").isZero();
    }

    private static List<Integer> seen(List<Poster> posters) {
        return posters.stream().map(poster -> poster.seen).toList();
    }
}
