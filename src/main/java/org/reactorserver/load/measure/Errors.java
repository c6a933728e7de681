package org.reactorserver.load.measure;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Errors by kind: how many, when the first and the last, and one sample. Loop only, until it has ended. */
public final class Errors {
    /**
     * All errors of one kind.
     *
     * @param first when the first was, in nanoseconds of the loop's clock
     * @param last when the last was, likewise
     * @param sample what the first was about
     */
    public record Kind(ErrorKind kind, long count, long first, long last, String sample) {}

    private static final class Entry {
        long count;
        long first;
        long last;
        String sample;
    }

    private final Map<ErrorKind, Entry> entries = new EnumMap<>(ErrorKind.class);

    /** Counts one; the sample's text is made for the first of its kind only. */
    void add(ErrorKind kind, long now, Supplier<String> sample) {
        Entry entry = entries.get(kind);
        if (entry == null) {
            entry = new Entry();
            entry.first = now;
            entry.sample = sample.get();
            entries.put(kind, entry);
        }
        entry.count++;
        entry.last = now;
    }

    /** Adds what another thread has counted; of two samples the earlier one is kept. */
    void add(Errors other) {
        other.entries.forEach((kind, entry) -> entries.merge(kind, entry, (a, b) -> {
            Entry sum = new Entry();
            sum.count = a.count + b.count;
            sum.first = Math.min(a.first, b.first);
            sum.last = Math.max(a.last, b.last);
            sum.sample = a.first <= b.first ? a.sample : b.sample;
            return sum;
        }));
    }

    /** One that was counted was none. */
    void remove(ErrorKind kind) {
        Entry entry = entries.get(kind);
        if (entry != null && --entry.count == 0) {
            entries.remove(kind);
        }
    }

    /** Those of which there are any. */
    public List<Kind> list() {
        List<Kind> list = new ArrayList<>();
        entries.forEach((kind, entry) -> list.add(new Kind(kind, entry.count, entry.first, entry.last, entry.sample)));
        return list;
    }
}
