package org.reactorserver.testkit.net;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Decides what a real network, kernel and scheduler leave open. By default it is kind: everything is
 * whole, true and at once.
 */
public interface World {

    /** Between two steps of the caller: others may act now. */
    default void pause() {}

    /** The server has called what surrounds it. */
    default void onCall() {}

    /** How many of so many bytes a read or a write moves. */
    default int some(int possible) {
        return possible;
    }

    /** What {@code accept()} throws instead of returning a connection, or null. */
    default IOException acceptFailure(ServerSocketChannel listener) {
        return null;
    }

    /** What setting up an accepted socket throws, or null. */
    default IOException setupFailure() {
        return null;
    }

    /** The keys that a select found are about to be told: they may come in any order. */
    default void arrange(List<SelectionKey> ready) {}

    /** Whether a select tells of a key that it is ready though it is not. */
    default boolean isSpurious(SelectionKey key) {
        return false;
    }

    /** Whether the kernel silently refuses to watch a channel that it does not watch yet. */
    default boolean isDeaf() {
        return false;
    }

    /**
     * A select has found nothing: goes on with everything else until it has or the time is over.
     *
     * @param isAwake whether it has, or was woken up
     * @param millis for how long it may wait; 0 is for ever
     */
    default void sleep(Selector selector, BooleanSupplier isAwake, long millis) {}

    /** The server has accepted a connection. */
    default void onAccepted(Wire wire) {}

    /** The server asks the selector for other operations of a connection than before. */
    default void onAsked(Wire wire, int interest) {}

    /** The kernel has refused to watch a connection. */
    default void onUnwatched(Wire wire) {}

    /** A select tells of a connection. */
    default void onReported(Wire wire) {}

    /** A connection's file descriptor is closed. */
    default void onReleased(Wire wire) {}

    /** The server has ended its stream, and goes on reading. */
    default void onOutputEnded(Wire wire) {}

    /** Bytes were read (or −1) by the server, from a connection that the kernel watches or does not. */
    default void onRead(Wire wire, int count, boolean isWatched) {}

    /**
     * So many bytes were written by the server.
     *
     * @param isShort whether that were not all
     * @param isAwaited whether a select would have told to, if asked
     */
    default void onWritten(Wire wire, int count, boolean isShort, boolean isAwaited) {}
}
