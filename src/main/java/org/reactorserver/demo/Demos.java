package org.reactorserver.demo;

import java.util.List;

/** The demos by name. */
public final class Demos {
    /** Their names, in the order in which they are best seen. */
    public static final List<String> NAMES = List.of(
            "accept",
            "threads-vs-reactor",
            "slow-handler",
            "framing",
            "backpressure",
            "half-close",
            "order",
            "shutdown",
            "plan");

    private Demos() {}

    /** The one with this name; null if there is none. */
    public static Demo named(String name) {
        return switch (name) {
            case "accept" -> new AcceptDemo();
            case "threads-vs-reactor" -> new ThreadsDemo();
            case "slow-handler" -> new SlowHandlerDemo();
            case "framing" -> new FramingDemo();
            case "backpressure" -> new BackpressureDemo();
            case "half-close" -> new HalfCloseDemo();
            case "order" -> new OrderDemo();
            case "shutdown" -> new ShutdownDemo();
            case "plan" -> new PlanDemo();
            default -> null;
        };
    }

    /** One line for each: its name and what it shows. */
    public static void list(Screen screen) {
        for (String name : NAMES) {
            screen.line("  %-20s%s".formatted(name, screen.word(name)));
        }
    }
}
