package org.reactorserver.loop;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * Something that can stand in a {@link Mailbox}, at most once at a time.
 *
 * <p>The letter is its own list node, so posting allocates nothing. Posting a letter that already
 * stands in the mailbox does nothing: its delivery is still to come and will see whatever the poster
 * published before it posted.
 */
public abstract class Letter {
    private static final AtomicIntegerFieldUpdater<Letter> POSTED =
            AtomicIntegerFieldUpdater.newUpdater(Letter.class, "posted");

    /** The letter posted before this one; written by the poster, then owned by the loop. */
    Letter next;

    volatile int posted; // 1 while it stands in the mailbox; see POSTED

    /** Called on the loop's thread, once for one or more posts. */
    protected abstract void onDelivery();

    /** Any thread: whether the caller is now the one who must put this letter into the mailbox. */
    final boolean stamp() {
        return posted == 0 && POSTED.compareAndSet(this, 0, 1);
    }

    /**
     * Loop: from here on the letter may be posted anew. Comes before {@link #onDelivery}, so that
     * what is published after the delivery has looked causes another delivery.
     */
    final void unstamp() {
        posted = 0;
    }
}
