package org.reactorserver.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What helps with a host that there is not. */
final class HostAdvice {
    private static final Pattern WITH_PORT = Pattern.compile("([^:]+|\\[.*\\]):([0-9]+)");

    private HostAdvice() {}

    /** What goes on after what is wrong; nothing if it is no more than a host. */
    static String on(String host) {
        Matcher matcher = WITH_PORT.matcher(host);
        return matcher.matches()
                ? "; the port is another option: --host " + matcher.group(1) + " --port " + matcher.group(2)
                : "";
    }
}
