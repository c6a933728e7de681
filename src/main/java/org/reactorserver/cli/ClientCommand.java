package org.reactorserver.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.reactorserver.client.ClientListener;
import org.reactorserver.client.ClientPlan;
import org.reactorserver.client.Clients;
import org.reactorserver.client.Discovery;
import org.reactorserver.dial.Route;
import org.reactorserver.framing.Framing;
import org.reactorserver.framing.Text;
import org.reactorserver.option.Durations;
import org.reactorserver.text.Addresses;
import org.reactorserver.text.Plural;
import org.reactorserver.text.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code client}: the tutorial's clients, on one selector thread. */
@Command(
        name = "client",
        description = "Clients that each connect, send one message, print the reply and close.",
        showDefaultValues = true,
        sortOptions = false,
        usageHelpWidth = 100)
final class ClientCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    Verbosity verbosity;

    @Mixin
    Language language;

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
            description = "Find the server by its announcements on this UDP port (8888 if none is given)."
                    + " Default: --host and --port say where it is.")
    Integer discover;

    @Mixin
    RouteOptions ways;

    @Option(
            names = "--framing",
            converter = FramingConverter.class,
            description = Framing.FORMS + ". Default: chunk, or what --discover finds.")
    Framing framing;

    @Option(
            names = "--charset",
            converter = CharsetConverter.class,
            description = "Charset of texts, such as GBK or ISO-8859-1. Default: UTF-8, or what --discover finds.")
    Charset charset;

    @Option(names = "--count", paramLabel = "N", defaultValue = "3", description = "How many clients.")
    int count;

    @Option(
            names = "--message",
            paramLabel = "TEXT",
            defaultValue = "客户端{id}正在连接",
            description = "What each sends; {id} is its number.")
    String message;

    @Option(names = "--one-at-a-time", description = "A client starts when the one before it has ended.")
    boolean oneAtATime;

    @Option(names = "--together", description = "All connect, then all send, and when all have their reply all close.")
    boolean together;

    @Option(
            names = "--gap",
            paramLabel = "DURATION",
            defaultValue = "0",
            converter = DurationConverter.class,
            description = "With --one-at-a-time: the pause after each.")
    Duration gap;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "5s",
            converter = DurationConverter.class,
            description = "How long each may take to get its reply; how long --discover listens.")
    Duration timeout;

    @Override
    public Integer call() throws IOException {
        ClientPlan plan = plan();
        int replies = Clients.run(plan, new Printer());
        System.out.println(Plural.of(count, "client") + ": " + replies + " replied, " + (count - replies) + " failed");
        return replies == count ? 0 : 1;
    }

    private ClientPlan plan() throws IOException {
        if (oneAtATime && together) {
            throw Usage.of(spec, "--one-at-a-time and --together exclude each other; give one");
        }
        boolean isTyped = spec.commandLine().getParseResult().hasMatchedOption("--gap");
        if (!gap.isZero() && !oneAtATime && isTyped) { // in the environment it is for those that have a use for it
            throw Usage.of(spec, "--gap needs --one-at-a-time: there is no pause between clients that run at once");
        }
        if (count < 1) {
            throw Usage.of(spec, "--count", "must be at least 1, not " + count);
        }
        checkPort("--port", port);
        if (discover != null) {
            checkPort("--discover", discover);
        }
        if (timeout.isZero()) {
            throw Usage.of(spec, "--timeout", "must be more than 0, not 0");
        }
        Route route = ways.route();
        SocketAddress server = discover == null ? serverAddress(route) : discover();
        Framing spoken = framing == null ? Framing.chunks() : framing;
        Text codec = new Text(charset == null ? StandardCharsets.UTF_8 : charset, true);
        String charsetNeeded = spoken.objection(codec.charset());
        if (charsetNeeded != null) {
            throw Usage.of(spec, "--charset", "must be " + charsetNeeded + ", not " + charset);
        }
        try {
            spoken.encode(message, codec);
        } catch (IllegalArgumentException e) {
            throw Usage.of(spec, "--message", e.getMessage());
        }
        return new ClientPlan(server, route, spoken, codec, count, message, order(), gap, timeout);
    }

    private void checkPort(String option, int number) {
        if (number < 1 || number > 65_535) {
            throw Usage.of(spec, option, "must be from 1 to 65535, not " + number);
        }
    }

    private ClientPlan.Order order() {
        return oneAtATime
                ? ClientPlan.Order.ONE_AT_A_TIME
                : together ? ClientPlan.Order.TOGETHER : ClientPlan.Order.AT_ONCE;
    }

    private SocketAddress serverAddress(Route route) throws IOException {
        try {
            return route.resolve(host, port);
        } catch (UnknownHostException e) {
            throw new IOException("--host: '" + host + "' cannot be resolved" + HostAdvice.on(host), e);
        }
    }

    /** What is found also says which framing it speaks; one that was asked for stands. */
    private InetSocketAddress discover() throws IOException {
        Optional<Discovery.Found> found = Discovery.find(discover, timeout);
        if (found.isEmpty()) {
            throw new IOException(
                    "--discover: no server announced itself on UDP port %d within %s (serve --announce 255.255.255.255:%d does)"
                            .formatted(discover, Durations.text(timeout), discover));
        }
        System.err.printf(
                "found a server at %s, %s framing%n",
                Addresses.text(found.get().address()), found.get().framing());
        if (framing == null) {
            framing = found.get().framing();
        }
        if (charset == null) {
            charset = found.get().charset();
        }
        return found.get().address();
    }

    private static final class Printer implements ClientListener {
        @Override
        public void replied(int id, String reply) {
            System.out.println("client " + id + " received: " + Printable.escape(reply));
        }

        @Override
        public void failed(int id, String reason) {
            System.out.println("client " + id + " failed: " + Printable.escape(reason));
        }
    }
}
