package org.reactorserver.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactorserver.client.Discovery;
import org.reactorserver.dial.Route;
import org.reactorserver.framing.Framing;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Misbehaviour;
import org.reactorserver.load.plan.Slo;
import org.reactorserver.option.Durations;
import org.reactorserver.text.Addresses;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say what {@code load} is to do, and the plan that they come to. */
final class LoadOptions {
    private static final Pattern RATES =
            Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)(?:-(\\d{1,12}(?:\\.\\d{1,9})?))?");

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    @Option(names = "--host", paramLabel = "HOST", defaultValue = "127.0.0.1", description = "The server's address.")
    String host;

    @Option(
            names = {"-p", "--port"},
            paramLabel = "N",
            defaultValue = "8888",
            description = "The server's port.")
    int port;

    @Option(
            names = "--discover",
            paramLabel = "UDP_PORT",
            arity = "0..1",
            fallbackValue = "8888",
            description = "Find the server by its announcements on this UDP port (8888 if none is given).")
    Integer discover;

    @Mixin
    RouteOptions ways;

    @Option(
            names = "--framing",
            converter = FramingConverter.class,
            description = Framing.FORMS + ". Default: chunk, or what --discover finds.")
    Framing framing;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "50",
            description = "How many connections are opened and kept.")
    int connections;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Threads that share the connections, each with a selector of its own.")
    int threads;

    @Option(
            names = "--duration",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long is measured, after the warm-up. Default: 10s")
    Duration duration;

    @Option(
            names = "--messages",
            paramLabel = "N",
            description = "Send so many messages in all, instead of for a duration.")
    Long messages;

    @Option(
            names = "--warm-up",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long messages are sent and checked before they are measured. Default:"
                    + " 2s, 0 with --messages")
    Duration warmUp;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Open model: messages a second on all connections together, sent by the clock; 1000-5000"
                    + " rises over the duration. Default: closed model")
    String rate;

    @Option(
            names = "--arrivals",
            paramLabel = "HOW",
            defaultValue = "constant",
            description = "Open model: constant, at even distances, or poisson, at random ones as of many users.")
    String arrivals;

    @Option(
            names = "--depth",
            paramLabel = "D",
            description = "Closed model: messages outstanding on each connection. Default: 1")
    Integer depth;

    @Option(
            names = "--think",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            defaultValue = "0",
            description = "Closed model: pause between a reply and the next message.")
    Duration think;

    @Mixin
    MessageOptions said;

    @Option(
            names = "--connect-rate",
            paramLabel = "N",
            description = "Connections opened a second. Default: as fast as the server takes them")
    Double connectRate;

    @Option(
            names = "--reconnect",
            description = "Open a connection again that has ended before its time; that it ends with nothing under"
                    + " way is no failure then.")
    boolean reconnect;

    @Option(
            names = "--requests-per-connection",
            paramLabel = "N",
            description = "End a connection after so many messages and open another in its place. Default: never")
    Integer perConnection;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            defaultValue = "5s",
            description = "How long connecting, a reply, or the wait for the last replies may take;"
                    + " how long --discover listens.")
    Duration timeout;

    @Option(
            names = "--source-ip",
            paramLabel = "ADDRESS",
            split = ",",
            description = "Local addresses to connect from, in turn. Default: the system's choice")
    List<String> sourceIps;

    @Option(
            names = "--slo",
            paramLabel = "OBJECTIVE",
            description =
                    "Decides about the exit code: p99<5ms, errors=0, answered/s>9000 ... May" + " be given again.")
    List<String> objectives;

    @Option(
            names = "--abort-on",
            paramLabel = "OBJECTIVE",
            description = "Break the run off as soon as this is lost, of latencies and errors. May be given again.")
    List<String> fatal;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "The same seed sends the same bytes.")
    long seed;

    @Option(
            names = "--misbehave",
            paramLabel = "HOW",
            defaultValue = "none",
            description = "Be a bad client: slow-reader, byte-at-a-time, half-close, reset or" + " split-utf8.")
    String misbehave;

    /** Checks what was given, and looks for the server if asked to. */
    LoadPlan plan() throws IOException {
        Route route = ways.route();
        if (discover != null) {
            discover();
        }
        return checkedPlan(route);
    }

    private LoadPlan checkedPlan(Route route) throws IOException {
        try {
            LoadPlan.Builder plan = LoadPlan.builder()
                    .host(host)
                    .port(port)
                    .route(route)
                    .framing(framing == null ? Framing.chunks() : framing)
                    .connections(connections)
                    .threads(threads)
                    .timeout(timeout)
                    .think(think)
                    .seed(seed)
                    .sources(sources())
                    .misbehaviour(misbehaviour());
            setLength(plan);
            setModel(plan);
            setArrivals(plan);
            said.set(plan);
            plan.reconnect(reconnect);
            if (perConnection != null) {
                plan.perConnection(perConnection);
            }
            if (connectRate != null) {
                plan.connectRate(connectRate);
            }
            return plan.build();
        } catch (IllegalArgumentException e) {
            throw usage("--" + e.getMessage());
        }
    }

    private void setLength(LoadPlan.Builder plan) {
        if (messages != null && duration != null && isTyped("--messages") == isTyped("--duration")) {
            throw usage("--messages " + messages + " and --duration exclude each other; give one");
        }
        if (messages != null && (duration == null || isTyped("--messages"))) {
            plan.messages(messages);
        } else if (duration != null) {
            plan.duration(duration);
        }
        if (warmUp != null) {
            plan.warmUp(warmUp);
        }
    }

    private void setModel(LoadPlan.Builder plan) {
        if (rate != null && depth != null && isTyped("--rate") == isTyped("--depth")) {
            throw usage("--rate " + rate + " (open model) and --depth " + depth
                    + " (closed model) exclude each other; give one");
        }
        boolean isOpen = rate != null && (depth == null || isTyped("--rate"));
        if (isOpen) {
            setRate(plan);
        } else if (depth != null) {
            plan.depth(depth);
        }
    }

    private void setRate(LoadPlan.Builder plan) {
        Matcher rates = RATES.matcher(rate);
        if (!rates.matches()) {
            throw Usage.of(spec, "--rate", "must be a number, or two as in 1000-5000, not '" + rate + "'");
        }
        double first = Double.parseDouble(rates.group(1));
        plan.rate(first, rates.group(2) == null ? first : Double.parseDouble(rates.group(2)));
    }

    private void setArrivals(LoadPlan.Builder plan) {
        if (!arrivals.equals("constant") && !arrivals.equals("poisson")) {
            throw Usage.choice(spec, "--arrivals", arrivals, List.of("constant", "poisson"));
        }
        plan.randomArrivals(arrivals.equals("poisson"));
    }

    /** Whether it is from the command line: that counts more than the environment, between options too. */
    private boolean isTyped(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    private Misbehaviour misbehaviour() {
        return Arrays.stream(Misbehaviour.values())
                .filter(value -> value.toString().equals(misbehave))
                .findFirst()
                .orElseThrow(() -> Usage.choice(
                        spec,
                        "--misbehave",
                        misbehave,
                        Arrays.stream(Misbehaviour.values())
                                .map(Misbehaviour::toString)
                                .toList()));
    }

    private List<InetAddress> sources() {
        List<InetAddress> addresses = new ArrayList<>();
        for (String text : given(sourceIps)) {
            try {
                addresses.add(InetAddress.getByName(text));
            } catch (UnknownHostException e) {
                throw usage("--source-ip must be local addresses, as in 127.0.0.2,127.0.0.3, not '" + text + "'");
            }
        }
        return addresses;
    }

    private static List<String> given(List<String> option) {
        return option == null ? List.of() : option;
    }

    /** What was given by --slo. */
    List<Slo> slos() {
        return parsed("--slo", objectives);
    }

    /** What was given by --abort-on. */
    List<Slo> fatal() {
        List<Slo> parsed = parsed("--abort-on", fatal);
        for (Slo objective : parsed) {
            if (objective.kind() != Slo.Kind.LATENCY && !objective.metric().equals("errors")) {
                throw usage("--abort-on " + objective + " cannot be told before the end: give a latency or errors, or"
                        + " --slo " + objective);
            }
        }
        return parsed;
    }

    /** Objectives that were given by an option; null if it was not given. */
    List<Slo> parsed(String option, List<String> texts) {
        try {
            return given(texts).stream().map(Slo::parse).toList();
        } catch (IllegalArgumentException e) {
            throw usage(option + " " + e.getMessage());
        }
    }

    /** What is found also says which framing it speaks; one that was asked for stands. */
    private void discover() throws IOException {
        if (discover < 1 || discover > 65_535) {
            throw usage("--discover must be from 1 to 65535, not " + discover);
        }
        Discovery.Found found = Discovery.find(discover, timeout)
                .orElseThrow(() -> new IOException("--discover: no server announced itself on UDP port " + discover
                        + " within " + Durations.text(timeout)));
        host = found.address().getAddress().getHostAddress();
        port = found.address().getPort();
        System.err.println(
                "found a server at " + Addresses.text(found.address()) + ", " + found.framing() + " framing");
        if (framing == null) {
            framing = found.framing();
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
