package org.reactorserver.loop;

import java.io.IOException;
import java.nio.channels.SelectionKey;

/**
 * The owner of a selection key. All methods are called on the loop's thread. As a letter it can be
 * posted to the loop from any thread.
 *
 * <p>An exception that {@link #onReady} or {@link #onSettle} throws is handed to {@link #onFailure} of
 * the same pollable and goes no further; an {@link Error} ends the loop.
 */
public abstract class Pollable extends Letter {
    SelectionKey key; // null until it is registered; loop only, like the next two
    boolean ready; // stands among those to be dispatched
    boolean touched; // stands among those to be settled

    /** The channel is registered under this key; again when the loop had to replace its selector. */
    public abstract void onRegistered(SelectionKey key);

    /** The channel is ready for the given operations. */
    public abstract void onReady(int readyOps) throws IOException;

    /** The end of a pass in which {@link EventLoop#touch} was called: write, then close or re-arm. */
    public void onSettle() throws IOException {}

    /** One of the above failed; the pollable is to be closed. Must not throw. */
    public abstract void onFailure(Exception cause);

    /** It was posted as a letter; does nothing unless overridden. */
    @Override
    protected void onDelivery() {}

    /** Whether it has so much to read or to write that it is served after those that have little. */
    protected boolean isBulk() {
        return false;
    }
}
