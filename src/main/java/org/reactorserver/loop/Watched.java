package org.reactorserver.loop;

import java.io.IOException;
import java.nio.channels.SelectionKey;

/**
 * A pollable that keeps its interest ops, and whether the selector has proved to watch them.
 *
 * <p>The kernel may refuse to watch a channel, for want of memory or of watches, whenever there is an
 * interest after there was none: the JDK takes a channel without interest out of epoll, adds it again
 * later, and does not say when that fails. So from then on, and until the selector reports something,
 * nothing is proved, and the owner has to check from time to time without the selector. Loop only.
 */
public abstract class Watched extends Pollable {
    private enum Proof {
        /** Nothing was reported since there last was no interest. */
        NONE,
        /** Something was found that had not been reported; it may have come that very moment. */
        DOUBT,
        /** Something was reported. */
        GIVEN
    }

    private Proof proof = Proof.NONE;
    private byte asked; // no op is greater than 16

    /** The loop that it is registered at. */
    protected abstract EventLoop loop();

    /** Registered, perhaps anew: at a selector that has proved nothing. */
    @Override
    public void onRegistered(SelectionKey key) {
        proof = Proof.NONE;
        asked = (byte) key.interestOps();
    }

    /** The selector has reported the channel. Returns whether that is the first time, so that it is news. */
    protected final boolean reported() {
        boolean first = proof != Proof.GIVEN;
        proof = Proof.GIVEN;
        return first;
    }

    /** Asks for these ops from here on. Returns whether nothing was asked for before. */
    protected final boolean ask(int ops) {
        if (ops == asked) {
            return false;
        }
        boolean anew = asked == 0;
        if (anew) {
            proof = Proof.NONE;
        }
        asked = (byte) ops;
        key.interestOps(ops);
        return anew;
    }

    /** What is asked for: ops of a {@link SelectionKey}. */
    public final int asked() {
        return asked;
    }

    /** Whether the selector has reported the channel since there last was no interest. */
    public final boolean isProven() {
        return proof == Proof.GIVEN;
    }

    /** Whether input is asked for, and the selector has yet to prove that it watches for it. */
    public final boolean isInputUnproven() {
        return proof != Proof.GIVEN && (asked & SelectionKey.OP_READ) != 0;
    }

    /** Whether the selector says, here and now, that the channel is ready; it will say so again at the next select. */
    public final boolean isReadyNow() throws IOException {
        return loop().isReady(key);
    }

    /** Has the kernel watch the channel anew. */
    public final void watchAnew() throws IOException {
        loop().watchAnew(key);
    }

    /**
     * Something was found that the selector had not reported. The first time it may have come that very
     * moment, and the kernel is asked to watch the channel anew.
     *
     * @return whether it is the second time in a row, which proves that the channel is not watched
     */
    public final boolean isCaught() throws IOException {
        if (proof == Proof.DOUBT) {
            return true;
        }
        proof = Proof.DOUBT;
        watchAnew();
        return false;
    }

    /** Takes the channel out of the selector at once, so that closing it takes effect at once. */
    protected final void deregister() throws IOException {
        loop().deregister(key);
    }
}
