package org.reactorserver.cli;

import java.util.HashMap;
import java.util.Map;
import org.reactorserver.option.Option;

/**
 * The arguments of {@code serve} where they are what they are nearly always: full names, each once, each with its value.
 * The parser would make the same of them, but to load it and to describe all options to it takes longer than all else of
 * a start.
 */
final class PlainArguments {
    private PlainArguments() {}

    /** What is typed for which option; null if there is anything in it that only the parser understands, or refuses. */
    static Map<Option<?>, String> read(String... arguments) {
        Map<Option<?>, String> typed = new HashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            int equals = argument.indexOf('=');
            Option<?> option = ServeOptions.named(equals < 0 ? argument : argument.substring(0, equals));
            if (option == null) {
                return null;
            }
            String value;
            if (equals >= 0) {
                value = argument.substring(equals + 1);
            } else if (ServeOptions.isFlag(option)) {
                value = "true";
            } else {
                value = ++i < arguments.length ? arguments[i] : "";
            }
            if (value.isEmpty() || value.startsWith("-") || typed.put(option, value) != null) {
                return null;
            }
        }
        return typed;
    }
}
