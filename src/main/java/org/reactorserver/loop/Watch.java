package org.reactorserver.loop;

import java.io.IOException;
import java.nio.channels.SelectionKey;

/**
 * What the selector is asked for on behalf of one channel, and whether it has proved to watch it.
 *
 * <p>The kernel may refuse to watch a channel, for want of memory or of watches, whenever there is an
 * interest after there was none: the JDK takes a channel without interest out of epoll, adds it again
 * later, and does not say when that fails. So from then on, and until the selector reports something,
 * nothing is proved, and the owner has to look by itself now and then. Loop only.
 */
public final class Watch {
    private enum Proof {
        /** Nothing was reported since there last was no interest. */
        NONE,
        /** Something was found that had not been reported; it may have come that very moment. */
        DOUBT,
        /** Something was reported. */
        GIVEN
    }

    private final EventLoop loop;
    private final Pollable pollable;
    private int asked;
    private Proof proof = Proof.NONE;

    /** Makes one for a channel that is about to be registered with these ops. */
    public Watch(EventLoop loop, Pollable pollable, int ops) {
        this.loop = loop;
        this.pollable = pollable;
        this.asked = ops;
    }

    /** The channel is registered, at a selector that has proved nothing. */
    public void registered() {
        proof = Proof.NONE;
    }

    /** The selector has reported the channel. Returns whether that is the first time, so that it is news. */
    public boolean reported() {
        boolean first = proof != Proof.GIVEN;
        proof = Proof.GIVEN;
        return first;
    }

    /** Asks for these ops from here on. Returns whether nothing was asked for before. */
    public boolean ask(int ops) {
        if (ops == asked) {
            return false;
        }
        boolean anew = asked == 0;
        if (anew) {
            proof = Proof.NONE;
        }
        asked = ops;
        pollable.key.interestOps(ops);
        return anew;
    }

    /** What is asked for: ops of a {@link SelectionKey}. */
    public int asked() {
        return asked;
    }

    /** Whether the selector has reported the channel since there last was no interest. */
    public boolean isProven() {
        return proof == Proof.GIVEN;
    }

    /** Whether input is asked for, and the selector has yet to prove that it watches for it. */
    public boolean isInputUnproven() {
        return proof != Proof.GIVEN && (asked & SelectionKey.OP_READ) != 0;
    }

    /** Whether the selector says, here and now, that the channel is ready; it will say so again at the next select. */
    public boolean isReady() throws IOException {
        return loop.isReady(pollable.key);
    }

    /** Has the kernel watch the channel anew. */
    public void anew() throws IOException {
        loop.watchAnew(pollable.key);
    }

    /**
     * Something was found that the selector had not reported. The first time it may have come that very
     * moment, and the kernel is asked to watch the channel anew.
     *
     * @return whether it is the second time in a row, which proves that the channel is not watched
     */
    public boolean isCaught() throws IOException {
        if (proof == Proof.DOUBT) {
            return true;
        }
        proof = Proof.DOUBT;
        anew();
        return false;
    }

    /** Takes the channel out of the selector at once, so that closing it takes effect at once. */
    public void end() throws IOException {
        loop.deregister(pollable.key);
    }
}
