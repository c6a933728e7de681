package org.reactorserver.bench.report;

import java.util.Locale;

/** What is measured, and how it is printed. */
public enum Metric {
    THROUGHPUT("throughput", "msg/s", 0),
    P50("p50", "µs", 0),
    P99("p99", "µs", 0),
    P999("p99.9", "µs", 0),
    CPU("server CPU", "µs/msg", 2),
    COMPILING("of it compiling", "%", 1),
    RSS("RSS", "MiB", 0),
    CLIENT_CPU("client CPU", "µs/msg", 3),
    DRIVING_CPU("of it sending and receiving", "µs/msg", 3),
    HEAP("heap per idle connection", "B", 0),
    IDLE_CPU("idle CPU", "% of a core", 2),
    ALLOCATION("allocation", "B/msg", 0),
    ALLOCATION_BEYOND("beyond String and reply", "B/msg", 0),
    START("start", "ms", 0);

    public final String title;
    public final String unit;
    private final int decimals;

    Metric(String title, String unit, int decimals) {
        this.title = title;
        this.unit = unit;
        this.decimals = decimals;
    }

    public String format(double value) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
