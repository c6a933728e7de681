package org.reactorserver.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the codes mean with which the process ends. */
final class ExitCodes {
    /** Each with its meaning, for a person. */
    static final Map<String, String> ALL = new LinkedHashMap<>();

    static {
        ALL.put("0", "success");
        ALL.put("1", "failed at run time");
        ALL.put("2", "wrong usage");
        ALL.put("3", "load: the run is invalid; exercise: not run");
        ALL.put("70", "serve: the selector thread died");
        ALL.put("130", "serve: ended by Ctrl-C");
        ALL.put("143", "serve: ended by SIGTERM");
    }

    private ExitCodes() {}
}
