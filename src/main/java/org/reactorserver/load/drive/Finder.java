package org.reactorserver.load.drive;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.reactorserver.load.plan.Exchange;

/**
 * Finds where the first of many expected replies begins, in a time that grows with the bytes and with the replies,
 * and not with their product: by a hash that rolls over the bytes, once for each length of a reply (Rabin and Karp,
 * 1987). Loop only.
 */
final class Finder {
    private static final long BASE = 0x100000001B3L;

    private final Exchange exchange;
    private final Map<Integer, Set<Long>> hashes = new HashMap<>(); // by length

    Finder(Exchange exchange) {
        this.exchange = exchange;
    }

    /** Looks for no reply any more. */
    void clear() {
        hashes.clear();
    }

    /** Looks also for the reply that is expected now. */
    void add() {
        int length = exchange.expectedLength();
        hashes.computeIfAbsent(length, any -> new HashSet<>()).add(hash(exchange.expectedBytes(), 0, length));
    }

    /**
     * Finds the first place.
     *
     * @param isOne is asked about each place where one seems to begin
     * @return the place, or -1 if none is between the two
     */
    int find(byte[] bytes, int from, int to, LongPredicate isOne) {
        int first = -1;
        for (Map.Entry<Integer, Set<Long>> each : hashes.entrySet()) {
            int length = each.getKey();
            int end = first < 0 ? to : Math.min(to, first + length);
            int found = find(bytes, from, end, length, each.getValue(), isOne);
            first = found < 0 ? first : found;
        }
        return first;
    }

    private static int find(byte[] bytes, int from, int to, int length, Set<Long> wanted, LongPredicate isOne) {
        if (to - from < length) {
            return -1;
        }
        long weight = 1; // of the byte that falls out
        for (int i = 1; i < length; i++) {
            weight *= BASE;
        }
        long hash = hash(bytes, from, from + length);
        for (int at = from; ; at++) {
            if (wanted.contains(hash) && isOne.test(at)) {
                return at;
            }
            if (at + length >= to) {
                return -1;
            }
            hash = (hash - bytes[at] * weight) * BASE + bytes[at + length];
        }
    }

    private static long hash(byte[] bytes, int from, int to) {
        long hash = 0;
        for (int i = from; i < to; i++) {
            hash = hash * BASE + bytes[i];
        }
        return hash;
    }
}
