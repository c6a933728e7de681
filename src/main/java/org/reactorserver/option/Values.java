package org.reactorserver.option;

import java.util.HashMap;
import java.util.Map;

/** The options that were set: a value for each of them. Immutable; any thread. */
public final class Values {
    /** None is set: every option has its default. */
    public static final Values NONE = new Values(Map.of());

    private final Map<Option<?>, Object> values;

    private Values(Map<Option<?>, Object> values) {
        this.values = values;
    }

    /**
     * These values and this one.
     *
     * @throws OptionException if the option cannot have the value
     */
    public <T> Values with(Option<T> option, T value) {
        Map<Option<?>, Object> more = new HashMap<>(values);
        more.put(option, option.check(value));
        return new Values(Map.copyOf(more));
    }

    /** The option's value: what was set, else its default, which may be null. */
    @SuppressWarnings("unchecked") // with() puts nothing else
    public <T> T get(Option<T> option) {
        Object told = values.get(option);
        return told == null ? option.standard() : (T) told;
    }

    /** Whether the option was set. */
    public boolean has(Option<?> option) {
        return values.containsKey(option);
    }
}
