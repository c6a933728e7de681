package org.reactorserver;

import java.util.stream.Stream;

/** Where handlers run. */
enum Place {
    SELECTOR {
        @Override
        ReactorServer.Builder in(ReactorServer.Builder builder) {
            return builder.workers(0);
        }
    },
    ONE_WORKER {
        @Override
        ReactorServer.Builder in(ReactorServer.Builder builder) {
            return builder.workers(1);
        }
    },
    POOL {
        @Override
        ReactorServer.Builder in(ReactorServer.Builder builder) {
            return builder.workers(4);
        }
    },
    VIRTUAL_THREADS {
        @Override
        ReactorServer.Builder in(ReactorServer.Builder builder) {
            return builder.virtualThreads();
        }
    };

    abstract ReactorServer.Builder in(ReactorServer.Builder builder);

    /** All that this Java has. */
    static Stream<Place> all() {
        boolean hasVirtual = Runtime.version().feature() >= 21;
        return Stream.of(values()).filter(place -> place != VIRTUAL_THREADS || hasVirtual);
    }

    /** Those whose handlers do not hold up the loop. */
    static Stream<Place> offTheLoop() {
        return all().filter(place -> place != SELECTOR);
    }
}
