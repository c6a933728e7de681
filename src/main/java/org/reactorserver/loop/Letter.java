package org.reactorserver.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Something that can stand in a {@link Mailbox}, at most once at a time.
 *
 * <p>The letter is its own list node, so posting allocates nothing. Posting a letter that already
 * stands in the mailbox does nothing: its delivery is still to come and will see whatever the poster
 * published before it posted.
 */
public abstract class Letter {
    private static final VarHandle POSTED; // of a field of one byte, which a field updater cannot be

    static {
        try {
            POSTED = MethodHandles.lookup().findVarHandle(Letter.class, "posted", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The letter posted before this one; written by the poster, then owned by the loop. */
    Letter next;

    volatile boolean posted; // stands in the mailbox; see POSTED

    /** The number of the session that it is about, as observers get it; 0 if that is none. */
    protected long number() {
        return 0;
    }

    /** Called on the loop's thread, once for one or more posts. */
    protected abstract void onDelivery();

    /** Any thread: whether the caller is now the one who must put this letter into the mailbox. */
    final boolean stamp() {
        if (posted) {
            VarHandle.fullFence(); // before it looks again: what it has published may have been written without a fence
            if (posted) {
                return false;
            }
        }
        return POSTED.compareAndSet(this, false, true);
    }

    /**
     * Loop: from here on the letter may be posted anew. Comes before {@link #onDelivery}, so that
     * what is published after the delivery has looked causes another delivery.
     */
    final void unstamp() {
        posted = false;
    }
}
