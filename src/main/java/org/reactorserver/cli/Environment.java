package org.reactorserver.cli;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The environment's variables that are options: {@code --max-message} is {@code REACTOR_MAX_MESSAGE}. Not all that
 * begin like that are: for a Service named {@code reactor} Kubernetes gives every container {@code REACTOR_PORT},
 * which is no number, and a few more.
 */
final class Environment {
    /** Of every variable that is an option. */
    static final String PREFIX = "REACTOR_"; // a constant: to read it loads no class

    private final Map<String, String> all;

    Environment(Map<String, String> all) {
        this.all = all;
    }

    /** The variable of an option. */
    static String variable(String option) {
        return PREFIX + key(option).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** The option's name in a file. */
    static String key(String option) {
        return option.startsWith("--") ? option.substring(2) : option;
    }

    /** What is set for the option; null if nothing is. */
    String get(String option) {
        String variable = variable(option);
        return all.get(variable) == null || isOfKubernetes(variable) ? null : all.get(variable);
    }

    /** Whether there is nothing of ours; costs no start-up time. */
    boolean isEmpty() {
        for (String name : all.keySet()) {
            if (name.startsWith(PREFIX)) {
                return false;
            }
        }
        return true;
    }

    private boolean isOfKubernetes(String variable) {
        return Kubernetes.OF_A_SERVICE.matcher(variable).matches()
                || Kubernetes.PORT_OF_A_SERVICE.matcher(variable).matches()
                        && Kubernetes.URL.matcher(all.get(variable)).matches();
    }

    /** Made when there is a variable of ours, which is seldom. */
    private static final class Kubernetes {
        static final Pattern OF_A_SERVICE = Pattern.compile(
                "REACTOR_(?:[A-Z0-9_]+_)?"
                        + "(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT_[0-9]+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)");
        static final Pattern PORT_OF_A_SERVICE = Pattern.compile("REACTOR_(?:[A-Z0-9_]+_)?PORT");
        static final Pattern URL = Pattern.compile("(?:tcp|udp|sctp)://.*");
    }

    /** The variables that Kubernetes has set, in the order of their names. */
    List<String> ofKubernetes() {
        return ours().stream().filter(this::isOfKubernetes).toList();
    }

    /** The variables that look like ours and are none of these options, in the order of their names. */
    List<String> unknown(Collection<String> options) {
        List<String> known = options.stream().map(Environment::variable).toList();
        return ours().stream()
                .filter(variable -> !known.contains(variable) && !isOfKubernetes(variable))
                .toList();
    }

    private Collection<String> ours() {
        Collection<String> names = new TreeSet<>(all.keySet());
        names.removeIf(name -> !name.startsWith(PREFIX));
        return names;
    }
}
