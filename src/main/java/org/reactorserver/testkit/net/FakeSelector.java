package org.reactorserver.testkit.net;

import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A selector whose sleep is the {@link World}'s turn. Like the JDK's it releases the file descriptors
 * of closed channels only when it selects, and returns at once if it was woken before.
 */
public final class FakeSelector extends AbstractSelector {
    private final Kernel kernel;
    private final Set<SelectionKey> keys = new LinkedHashSet<>();
    private volatile boolean woken;

    FakeSelector(SelectorProvider provider, Kernel kernel) {
        super(provider);
        this.kernel = kernel;
        kernel.selector = this;
    }

    /** Whether a select would return now. */
    public boolean isAwake() {
        if (woken || Thread.currentThread().isInterrupted()) {
            return true;
        }
        for (SelectionKey key : keys) {
            if (((FakeKey) key).pollReady() != 0) {
                return true;
            }
        }
        return false;
    }

    private int doSelect(Consumer<SelectionKey> action, boolean blocks, long millis) {
        if (!isOpen()) {
            throw new ClosedSelectorException();
        }
        kernel.world.pause();
        update();
        flushCancelled();
        if (blocks && !isAwake()) {
            kernel.world.sleep(this, this::isAwake, millis);
        }
        woken = false;
        flushCancelled();
        List<SelectionKey> ready = new ArrayList<>();
        for (SelectionKey key : keys) {
            FakeKey fake = (FakeKey) key;
            int ops = fake.pollReady();
            if (ops == 0 && fake.interest() != 0 && !fake.isDeaf() && kernel.world.isSpurious(key)) {
                ops = fake.interest();
            }
            fake.setReady(ops);
            if (ops != 0) {
                fake.fakeChannel().onReported();
                ready.add(key);
            }
        }
        kernel.world.arrange(ready);
        ready.forEach(action);
        return ready.size();
    }

    private void update() {
        for (SelectionKey key : keys) {
            ((FakeKey) key).update(kernel.world);
        }
    }

    private void flushCancelled() {
        Set<SelectionKey> cancelled = cancelledKeys();
        synchronized (cancelled) {
            if (!cancelled.isEmpty()) {
                List<FakeKey> inOrder = new ArrayList<>();
                cancelled.forEach(key -> inOrder.add((FakeKey) key));
                inOrder.sort(Comparator.comparingInt(key -> key.number));
                inOrder.forEach(this::forget);
                cancelled.clear();
            }
        }
    }

    private void forget(FakeKey key) {
        keys.remove(key);
        deregister(key);
        if (!key.channel().isOpen() && !key.channel().isRegistered()) {
            ((FakeChannel) key.channel()).release();
        }
    }

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int ops, Object attachment) {
        FakeKey key = new FakeKey(this, (FakeChannel) channel, kernel.nextNumber());
        key.attach(attachment);
        keys.add(key);
        return key.interestOps(ops);
    }

    @Override
    public Set<SelectionKey> keys() {
        kernel.world.onCall();
        return Collections.unmodifiableSet(keys);
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        throw new UnsupportedOperationException("select with an action");
    }

    @Override
    public int selectNow(Consumer<SelectionKey> action) {
        return doSelect(action, false, 0);
    }

    @Override
    public int select(Consumer<SelectionKey> action, long timeout) {
        return doSelect(action, true, timeout);
    }

    @Override
    public int selectNow() {
        throw new UnsupportedOperationException("select with an action");
    }

    @Override
    public int select(long timeout) {
        throw new UnsupportedOperationException("select with an action");
    }

    @Override
    public int select() {
        throw new UnsupportedOperationException("select with an action");
    }

    @Override
    public Selector wakeup() {
        kernel.world.pause();
        woken = true;
        return this;
    }

    @Override
    protected void implCloseSelector() {
        for (SelectionKey key : keys.toArray(new SelectionKey[0])) {
            key.cancel();
        }
        flushCancelled();
    }
}
