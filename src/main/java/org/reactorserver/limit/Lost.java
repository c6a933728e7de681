package org.reactorserver.limit;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Connections that are lost while messages of theirs wait to be handled. Their places have
 * been given to others, so they have limits of their own, in number and in bytes, from one address and in all.
 * Loop only.
 */
public final class Lost {
    private static final int MOST = 1_024;
    private static final int MOST_FROM_ADDRESS = 64;

    /** What the lost from one address hold. */
    private static final class Holding {
        private int count;
        private long bytes;
    }

    private final long mostBytes;
    private final ClientKey key;
    private final Map<Object, Entry> entries = new HashMap<>();
    private final Map<Object, Holding> byAddress = new HashMap<>();
    private final Holding all = new Holding();
    private volatile int count; // of all

    /**
     * Makes an empty one.
     *
     * @param messageMemory what the messages of all connections may take up, in bytes of heap
     * @param key what counts as one address
     */
    public Lost(long messageMemory, ClientKey key) {
        this.key = key;
        this.mostBytes = messageMemory / 4;
    }

    /** What one of them holds. */
    private record Entry(Object address, long bytes) {}

    /** One whose messages weigh so much is lost. Returns whether they may wait. */
    public boolean enter(Object connection, InetAddress from, long bytes) {
        Object address = key.of(from);
        Holding holding = byAddress.getOrDefault(address, new Holding());
        boolean fits = all.count < MOST
                && all.bytes + bytes <= mostBytes
                && holding.count < MOST_FROM_ADDRESS
                && holding.bytes + bytes <= mostBytes / 4;
        if (fits) {
            byAddress.put(address, holding);
            add(address, holding, 1, bytes);
            entries.put(connection, new Entry(address, bytes));
        }
        return fits;
    }

    /** Its messages have been handled, if it has entered. */
    public void leave(Object connection) {
        Entry entry = entries.remove(connection);
        if (entry != null) {
            add(entry.address, byAddress.get(entry.address), -1, -entry.bytes);
        }
    }

    private void add(Object address, Holding holding, int count, long bytes) {
        all.count += count;
        all.bytes += bytes;
        this.count = all.count;
        holding.count += count;
        holding.bytes += bytes;
        if (holding.count == 0) {
            byAddress.remove(address);
        }
    }

    /** Any thread: how many there are. */
    public int count() {
        return count;
    }
}
