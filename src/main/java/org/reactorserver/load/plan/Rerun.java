package org.reactorserver.load.plan;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The command line that does the same again. */
public final class Rerun {
    private static final String START = "java -jar target/reactor-server.jar load";
    private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");

    private Rerun() {}

    public static String command(LoadPlan plan, List<Slo> objectives) {
        List<String> words = new ArrayList<>(List.of(START));
        if (plan.route().unix() == null) {
            add(words, "host", plan.host());
            add(words, "port", plan.port());
        }
        plan.route().options().forEach((option, value) -> add(words, option, value));
        if (plan.scenario() == null) {
            add(words, "framing", plan.framing());
        }
        add(words, "connections", plan.connections());
        if (plan.threads() > 1) {
            add(words, "threads", plan.threads());
        }
        if (plan.messages() > 0) {
            add(words, "messages", plan.messages());
        } else {
            add(words, "duration", duration(plan.durationNanos()));
        }
        add(words, "warm-up", duration(plan.warmUpNanos()));
        if (plan.isOpenModel()) {
            String first = plan.rateAtFirst() == plan.rate() ? "" : number(plan.rateAtFirst()) + "-";
            add(words, "rate", first + number(plan.rate()));
            if (plan.hasRandomArrivals()) {
                add(words, "arrivals", "poisson");
            }
        } else if (plan.scenario() == null) {
            add(words, "depth", plan.depth());
        }
        addMessages(plan, words);
        if (plan.connectRate() > 0) {
            add(words, "connect-rate", number(plan.connectRate()));
        }
        if (plan.reconnects()) {
            words.add("--reconnect");
        }
        if (plan.perConnection() > 0) {
            add(words, "requests-per-connection", plan.perConnection());
        }
        add(words, "timeout", duration(plan.timeoutNanos()));
        if (plan.thinkNanos() > 0) {
            add(words, "think", duration(plan.thinkNanos()));
        }
        if (!plan.sources().isEmpty()) {
            add(
                    words,
                    "source-ip",
                    plan.sources().stream().map(InetAddress::getHostAddress).collect(Collectors.joining(",")));
        }
        objectives.forEach(objective -> add(words, "slo", objective));
        add(words, "seed", plan.seed());
        if (plan.misbehaviour() != Misbehaviour.NONE) {
            add(words, "misbehave", plan.misbehaviour());
        }
        return String.join(" ", words);
    }

    private static void addMessages(LoadPlan plan, List<String> words) {
        if (plan.scenario() != null) {
            boolean isFile = !plan.scenario().name().isEmpty();
            add(
                    words,
                    isFile ? "scenario" : "script",
                    isFile ? plan.scenario().name() : plan.scenario().text());
            return;
        }
        if (plan.message() == null) {
            add(words, "size", plan.size());
        } else {
            add(words, plan.escaped() ? "send" : "message", plan.message());
        }
        add(words, "expect", plan.expectEcho() ? "echo" : plan.expect() == null ? "any" : plan.expect());
        if (plan.expect() == null && !plan.expectEcho()) {
            add(words, "reply-end", plan.replyEnd());
        }
        if (plan.greeting() != null) {
            add(words, "greeting", plan.greeting());
        }
    }

    private static void add(List<String> words, String option, Object value) {
        String text = value.toString();
        words.add("--" + option);
        if (text.isEmpty()) {
            return;
        }
        words.add(PLAIN.matcher(text).matches() ? text : quoted(text));
    }

    /** For a POSIX shell; with control characters, which would break the line, for bash, ksh and zsh. */
    private static String quoted(String text) {
        if (text.chars().noneMatch(c -> Character.isISOControl(c))) {
            return "'" + text.replace("'", "'\\''") + "'";
        }
        StringBuilder out = new StringBuilder("$'");
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c)) {
                out.append(
                        c < 0x80 ? String.format(Locale.ROOT, "\\x%02x", c) : String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                out.append(c == '\'' || c == '\\' ? "\\" : "").appendCodePoint(c);
            }
        });
        return out.append('\'').toString();
    }

    /** In the largest unit that needs no fraction. */
    private static String duration(long nanos) {
        String[] units = {"s", "ms", "us"};
        long unit = 1_000_000_000;
        for (String name : units) {
            if (nanos % unit == 0) {
                return nanos / unit + name;
            }
            unit /= 1_000;
        }
        return nanos + "ns";
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
