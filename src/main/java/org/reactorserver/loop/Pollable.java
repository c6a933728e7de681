package org.reactorserver.loop;

import java.io.IOException;
import java.nio.channels.SelectionKey;

/**
 * What stands behind a selection key. All methods are called on the loop's thread.
 *
 * <p>An exception that {@link #onReady} or {@link #onSettle} throws is handed to {@link #onFailure} of
 * the same pollable and goes no further; an {@link Error} ends the loop.
 */
public interface Pollable {

    /** The channel is registered under this key; again when the loop had to replace its selector. */
    void onRegistered(SelectionKey key);

    /** The channel is ready for the given operations. */
    void onReady(int readyOps) throws IOException;

    /** The end of a pass in which {@link EventLoop#touch} was called: write, then close or re-arm. */
    default void onSettle() throws IOException {}

    /** One of the above failed; whatever this is, it is to be given up. Must not throw. */
    void onFailure(Exception cause);
}
