package org.reactorserver.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The one way into the loop from other threads: any number of posters, one owner who takes all.
 *
 * <p>It also decides who wakes the owner. Both sides publish first and check afterwards: a poster
 * adds its letter and then looks whether the owner is asleep; the owner says that it will sleep and
 * then looks again whether there is a letter. So one of the two always sees the other, and since
 * waking clears the flag, a sleep is ended by at most one wake-up.
 */
final class Mailbox {
    private static final VarHandle HEAD;
    private static final VarHandle ASLEEP;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(Mailbox.class, "head", Letter.class);
            ASLEEP = lookup.findVarHandle(Mailbox.class, "asleep", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    volatile Letter head; // the letter posted last

    private volatile boolean asleep;

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
            last = head;
            letter.next = last;
        } while (!HEAD.compareAndSet(this, last, letter));
        return asleep && ASLEEP.compareAndSet(this, true, false);
    }

    /** Owner: announces a sleep; false if there is a letter and the owner must stay up. */
    boolean fallAsleep() {
        asleep = true;
        if (head == null) {
            return true;
        }
        asleep = false;
        return false;
    }

    /**
     * Owner: the sleep is over.
     *
     * @return whether a poster ended it (and then has called, or is about to call, the wake-up)
     */
    boolean awake() {
        return !(boolean) ASLEEP.getAndSet(this, false);
    }

    /** Owner: takes every letter, in the order in which they were posted; null if there is none. */
    Letter takeAll() {
        if (head == null) {
            return null;
        }
        Letter letter = (Letter) HEAD.getAndSet(this, null);
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
