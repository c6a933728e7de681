package org.reactorserver.cli;

import static org.reactorserver.text.Log.LOG;

import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/** Variables of the environment that look like ours and do nothing. */
final class Strays {
    private final Environment environment;
    private final Supplier<Collection<String>> everybodys;

    /**
     * Will look there.
     *
     * @param everybodys asked only if it must be, since that takes long: the options of all commands that can be told
     *     by the environment, as a variable counts for all that have the option
     */
    Strays(Environment environment, Supplier<Collection<String>> everybodys) {
        this.environment = environment;
        this.everybodys = everybodys;
    }

    /**
     * Warns of them.
     *
     * @param options of the command that runs
     */
    void warn(Collection<String> options) {
        if (environment.isEmpty()) {
            return;
        }
        List<String> foreign = environment.ofKubernetes();
        if (!foreign.isEmpty()) {
            LOG.warn(
                    "Kubernetes sets {} for its Service of that name: that is no option and is ignored"
                            + " (enableServiceLinks: false in the pod keeps it away)",
                    String.join(", ", foreign));
        }
        if (environment.unknown(options).isEmpty()) {
            return;
        }
        Collection<String> known = everybodys.get();
        List<String> variables =
                known.stream().map(Environment::variable).distinct().toList();
        for (String unknown : environment.unknown(known)) {
            LOG.warn(
                    "{} is the variable of no option and is ignored{}",
                    unknown,
                    Nearest.question(Nearest.to(unknown, variables)));
        }
    }
}
