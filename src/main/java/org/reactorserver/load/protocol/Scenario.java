package org.reactorserver.load.protocol;

import java.util.List;

/**
 * What connections say and expect to hear, as a {@link ScenarioReader} has read it. Immutable; any thread.
 */
public final class Scenario {
    /** What a connection does next. */
    sealed interface Step permits Send, Let, Think, Close {}

    /**
     * A message; or, before the first flow, nothing to send and a reply to wait for.
     *
     * @param text null: nothing is sent
     * @param waits whether the replies to all before it must have come, since it has something of them
     * @param line of the file
     */
    record Send(Text text, Expectation reply, boolean waits, int line) implements Step {}

    /** A name stands for a text from here on. */
    record Let(int slot, Text text, boolean waits) implements Step {}

    /** A pause, exactly so long or so long on average. */
    record Think(long nanos, boolean exponential) implements Step {}

    /** The connection is ended, and another one takes its place. */
    record Close() implements Step {}

    /**
     * What is done from the first step to the last.
     *
     * @param weight how often it is done beside others
     */
    record Flow(String name, double weight, List<Step> steps) {
        boolean hasStep(Class<? extends Step> kind) {
            return steps.stream().anyMatch(kind::isInstance);
        }

        boolean hasReply() {
            return steps.stream().anyMatch(step -> step instanceof Send send && !send.reply.isNone());
        }
    }

    /** Records of which each flow takes one. */
    record Table(List<byte[][]> records, boolean random) {}

    private final String name;
    private final String text;
    private final int pipeline;
    private final int names;
    private final List<Table> tables;
    private final List<Step> start;
    private final List<Flow> flows;

    Scenario(
            String name, String text, int pipeline, int names, List<Table> tables, List<Step> start, List<Flow> flows) {
        this.name = name;
        this.text = text;
        this.pipeline = pipeline;
        this.names = names;
        this.tables = List.copyOf(tables);
        this.start = List.copyOf(start);
        this.flows = List.copyOf(flows);
    }

    /** The file, or the name of the example; empty if it was given on the command line. */
    public String name() {
        return name;
    }

    /** As it was written. */
    public String text() {
        return text;
    }

    /** How many messages may be under way on a connection. */
    public int pipeline() {
        return pipeline;
    }

    /** Why it cannot be run without a timetable; null if it can. */
    public String needsRate() {
        return flows.stream()
                .filter(flow -> !flow.hasReply() && !flow.hasStep(Think.class))
                .findFirst()
                .map(flow -> "flow " + flow.name + " has neither a reply nor a time to think, and the closed model"
                        + " sends when it has received; give --rate")
                .orElse(null);
    }

    /** Why it cannot be run by a timetable; null if it can. */
    public String forbidsRate() {
        return flows.stream()
                .filter(flow -> flow.hasStep(Think.class))
                .findFirst()
                .map(flow -> "flow " + flow.name + " has a time to think, which goes with the closed model; leave one"
                        + " of the two out")
                .orElse(null);
    }

    /** How many names have a value of their own. */
    int names() {
        return names;
    }

    List<Step> start() {
        return start;
    }

    List<Table> tables() {
        return tables;
    }

    /** One of the flows, by weight. */
    Flow flow(double random) {
        double rest = random * flows.stream().mapToDouble(Flow::weight).sum();
        for (Flow flow : flows) {
            rest -= flow.weight;
            if (rest < 0) {
                return flow;
            }
        }
        return flows.get(flows.size() - 1);
    }
}
