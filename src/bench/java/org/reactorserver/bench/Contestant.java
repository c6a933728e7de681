package org.reactorserver.bench;

import java.util.List;

/**
 * A server that can be started with a command, or the reason why it cannot be had here.
 *
 * @param id what {@code --servers} and the results call it
 * @param label what people read
 * @param command empty if it is missing
 * @param missing why; null if it is there
 * @param tls whether it speaks TLS
 */
record Contestant(String id, String label, List<String> command, String missing, boolean tls) {

    static Contestant of(String id, String label, List<String> command) {
        return new Contestant(id, label, List.copyOf(command), null, false);
    }

    static Contestant missing(String id, String label, String why) {
        return new Contestant(id, label, List.of(), why, false);
    }

    Contestant overTls() {
        return new Contestant(id, label, command, missing, true);
    }

    /** Whether it gets faster while it runs. */
    boolean isJava() {
        return !command.isEmpty() && command.get(0).endsWith("java");
    }
}
