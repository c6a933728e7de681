package org.reactorserver.load;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Errors by kind: how many, when the first and the last, and one sample. Loop only, until it has ended. */
final class Errors {
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

    long count(ErrorKind kind) {
        Entry entry = entries.get(kind);
        return entry == null ? 0 : entry.count;
    }

    /**
     * The list for the report.
     *
     * @param start the time from which the report counts
     */
    List<Report.ErrorCount> list(long start) {
        List<Report.ErrorCount> list = new ArrayList<>();
        entries.forEach((kind, entry) -> list.add(new Report.ErrorCount(
                kind, entry.count, (entry.first - start) / 1e9, (entry.last - start) / 1e9, entry.sample)));
        return list;
    }
}
