package org.reactorserver.metrics;

import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Where numbers are kept: {@link Exposition}, or a registry of the user's own, such as Micrometer's, behind this.
 *
 * <p>Names have the unit at their end ({@code reactor_handler_seconds}) and nothing that one kind of registry adds, such
 * as {@code _total}. Labels are names and values by turns. Suppliers may be called by any thread at any time; one may
 * take half a second if the selector thread is stuck.
 */
public interface Registry {
    /** What a histogram is told. */
    enum Unit {
        /** Nanoseconds; to be shown as seconds. */
        SECONDS,
        /** Bytes. */
        BYTES
    }

    /** A number that only grows, from 0 at the start. */
    void counter(String name, String help, LongSupplier value, String... labels);

    /** A number that comes and goes. */
    void gauge(String name, String help, DoubleSupplier value, String... labels);

    /** Something that never changes, told by its labels. */
    void info(String name, String help, String... labels);

    /**
     * How large something is, each time.
     *
     * @return is told each value, by any thread; it must return at once and must not throw
     */
    LongConsumer histogram(String name, String help, Unit unit);
}
