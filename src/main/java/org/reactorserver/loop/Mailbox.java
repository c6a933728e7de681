package org.reactorserver.loop;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The one way into the loop from other threads: any number of posters, one owner who takes all.
 *
 * <p>It also decides who wakes the owner. Both sides publish first and check afterwards: a poster
 * adds its letter and then looks whether the owner is asleep; the owner says that it will sleep and
 * then looks again whether there is a letter. So one of the two always sees the other, and since
 * waking clears the flag, a sleep is ended by at most one wake-up.
 */
final class Mailbox {
    private final AtomicReference<Letter> head = new AtomicReference<>(); // the letter posted last
    private final AtomicBoolean asleep = new AtomicBoolean();

    /**
     * Any thread: adds the letter unless it is in the mailbox already.
     *
     * @return whether the caller must wake the owner
     */
    boolean post(Letter letter) {
        if (!letter.stamp()) {
            return false;
        }
        Letter last;
        do {
            last = head.get();
            letter.next = last;
        } while (!head.compareAndSet(last, letter));
        return asleep.get() && asleep.compareAndSet(true, false);
    }

    /** Owner: announces a sleep; false if there is a letter and the owner must stay up. */
    boolean fallAsleep() {
        asleep.set(true);
        if (isEmpty()) {
            return true;
        }
        asleep.set(false);
        return false;
    }

    /**
     * Owner: the sleep is over.
     *
     * @return whether a poster ended it (and then has called, or is about to call, the wake-up)
     */
    boolean awake() {
        return !asleep.getAndSet(false);
    }

    /** Any thread: whether there is no letter. */
    boolean isEmpty() {
        return head.get() == null;
    }

    /** Owner: takes every letter, in the order in which they were posted; null if there is none. */
    Letter takeAll() {
        if (isEmpty()) {
            return null;
        }
        Letter letter = head.getAndSet(null);
        Letter inOrder = null;
        while (letter != null) {
            Letter earlier = letter.next;
            letter.next = inOrder;
            inOrder = letter;
            letter = earlier;
        }
        return inOrder;
    }
}
