package org.reactorserver.metrics;

import java.util.List;

/** Something that stands beside a server and has to say how it is, where the server does. Any thread. */
public interface Source {
    /** Registers its numbers, once. */
    void register(Registry registry);

    /** What is wrong with it now, in sentences, the worst first; none if nothing is. */
    default List<String> troubles() {
        return List.of();
    }
}
