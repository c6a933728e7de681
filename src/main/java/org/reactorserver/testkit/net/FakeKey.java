package org.reactorserver.testkit.net;

import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectionKey;

/** A key that works out what it is ready for when it is asked by a select. */
final class FakeKey extends AbstractSelectionKey {
    final int number; // in order of registration
    private final Selector selector;
    private final FakeChannel channel;
    private int interest;
    private int watched; // what the kernel was last told to watch
    private boolean deaf; // it has refused to
    private int ready;

    FakeKey(Selector selector, FakeChannel channel, int number) {
        this.selector = selector;
        this.channel = channel;
        this.number = number;
    }

    /**
     * As the JDK's: no interest takes the channel out of epoll, and any puts it in again. That may fail,
     * and then nobody is told, nor is it tried again until there is no interest.
     */
    void update(World world) {
        if (isValid()) {
            if (watched == 0 && interest != 0) {
                deaf = world.isDeaf();
                if (deaf) {
                    channel.onUnwatched();
                }
            }
            watched = interest;
        }
    }

    /** What a select would find now; interest in nothing hides everything. */
    int pollReady() {
        return deaf || !isValid() ? 0 : channel.pollReady(interest);
    }

    boolean isDeaf() {
        return deaf;
    }

    void setReady(int ops) {
        ready = ops;
    }

    int interest() {
        return interest;
    }

    FakeChannel fakeChannel() {
        return channel;
    }

    @Override
    public SelectableChannel channel() {
        return (SelectableChannel) channel;
    }

    @Override
    public Selector selector() {
        return selector;
    }

    @Override
    public int interestOps() {
        requireValid();
        return interest;
    }

    @Override
    public SelectionKey interestOps(int ops) {
        requireValid();
        if ((ops & ~channel().validOps()) != 0) {
            throw new IllegalArgumentException("not valid for this channel: " + ops);
        }
        interest = ops;
        channel.onAsked(ops);
        return this;
    }

    @Override
    public int readyOps() {
        requireValid();
        return ready;
    }

    private void requireValid() {
        if (!isValid()) {
            throw new CancelledKeyException();
        }
    }
}
