package org.reactorserver.helper;

import java.util.stream.Stream;
import org.reactorserver.framing.Framing;

/** The framings that the command line names, so that tests of them all do not miss a new one. */
public final class Forms {
    private Forms() {}

    /** Each as it is named there. */
    public static Stream<String> all() {
        return Stream.of(Framing.FORMS.split(", | or "));
    }

    /** The same, and others. */
    public static Stream<String> and(String... others) {
        return Stream.concat(all(), Stream.of(others)).distinct();
    }
}
