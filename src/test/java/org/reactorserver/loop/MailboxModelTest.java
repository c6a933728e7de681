package org.reactorserver.loop;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two posters and an owner who goes to sleep, in the interleavings that Lincheck can think of: what was
 * published is seen, or the owner is woken. And the proof that a lost wake-up would be found.
 */
@Tag("model")
class MailboxModelTest {
    private static final int INTERLEAVINGS = 1_000;

    /** What the scenario needs of a mailbox. */
    private interface Box {
        boolean post(Note note);

        boolean fallAsleep();

        Letter takeAll();
    }

    /** A letter about a number, published by one poster. */
    private static final class Note extends Letter {
        volatile int published;
        int seen;

        @Override
        protected void onDelivery() {
            seen = published;
        }
    }

    /** Publishes twice, and wakes the owner if it has to. */
    private static final class Poster extends Thread {
        private final Box box;
        private final AtomicBoolean wakeUp;
        final Note note = new Note();

        Poster(Box box, AtomicBoolean wakeUp) {
            this.box = box;
            this.wakeUp = wakeUp;
        }

        @Override
        public void run() {
            for (int i = 1; i <= 2; i++) {
                note.published = i;
                if (box.post(note)) {
                    wakeUp.set(true);
                }
            }
        }
    }

    /** The owner is the caller. As with a selector, a wake-up before the sleep ends it too. */
    private static void run(Box box) {
        AtomicBoolean wakeUp = new AtomicBoolean();
        Poster first = new Poster(box, wakeUp);
        Poster second = new Poster(box, wakeUp);
        first.start();
        second.start();
        boolean asleep = box.fallAsleep();
        if (!asleep) {
            wakeUp.set(false);
            deliver(box);
            asleep = box.fallAsleep();
        }
        join(first);
        join(second);
        boolean unseen = first.note.seen < 2 || second.note.seen < 2;
        require(!asleep || !unseen || wakeUp.get(), "it sleeps on");
        deliver(box);
        require(first.note.seen == 2 && second.note.seen == 2, "something is lost");
    }

    private static void deliver(Box box) {
        Letter letter = box.takeAll();
        while (letter != null) {
            Letter next = letter.next;
            letter.next = null;
            letter.unstamp();
            letter.onDelivery();
            letter = next;
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void require(boolean fact, String complaint) {
        if (!fact) {
            throw new IllegalStateException(complaint);
        }
    }

    // The scenario makes the box itself: Lincheck watches only what it has seen being made.
    private static void check(Runnable scenario) {
        Lincheck.runConcurrentTest(INTERLEAVINGS, scenario);
    }

    @Test
    void noWakeUpIsLost() {
        check(() -> run(new Real()));
    }

    @Test
    void aPosterThatAsksBeforeItPublishesIsFound() {
        assertThatThrownBy(() -> check(() -> run(new AsksFirst())))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("it sleeps on");
    }

    @Test
    void anOwnerThatLooksBeforeItSaysThatItSleepsIsFound() {
        assertThatThrownBy(() -> check(() -> run(new LooksFirst())))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("it sleeps on");
    }

    private static final class Real implements Box {
        private final Mailbox mailbox = new Mailbox();

        @Override
        public boolean post(Note note) {
            return mailbox.post(note);
        }

        @Override
        public boolean fallAsleep() {
            return mailbox.fallAsleep();
        }

        @Override
        public Letter takeAll() {
            return mailbox.takeAll();
        }
    }

    /** A copy of the mailbox in which one of two steps comes too early. */
    private abstract static class Planted implements Box {
        final AtomicReference<Letter> head = new AtomicReference<>();
        final AtomicBoolean asleep = new AtomicBoolean();

        void add(Note note) {
            do {
                note.next = head.get();
            } while (!head.compareAndSet(note.next, note));
        }

        @Override
        public Letter takeAll() {
            return head.getAndSet(null);
        }
    }

    private static final class AsksFirst extends Planted {
        @Override
        public boolean post(Note note) {
            if (!note.stamp()) {
                return false;
            }
            boolean wasAsleep = asleep.get();
            add(note);
            return wasAsleep && asleep.compareAndSet(true, false);
        }

        @Override
        public boolean fallAsleep() {
            asleep.set(true);
            if (head.get() == null) {
                return true;
            }
            asleep.set(false);
            return false;
        }
    }

    private static final class LooksFirst extends Planted {
        @Override
        public boolean post(Note note) {
            if (!note.stamp()) {
                return false;
            }
            add(note);
            return asleep.get() && asleep.compareAndSet(true, false);
        }

        @Override
        public boolean fallAsleep() {
            if (head.get() != null) {
                return false;
            }
            asleep.set(true);
            return true;
        }
    }
}
