package org.reactorserver.cli;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactorserver.MessageHandler;
import org.reactorserver.ReactorServer;
import org.reactorserver.Session;
import org.reactorserver.framing.Framing;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code serve}: the server. */
@Command(
        name = "serve",
        description = "The server. Without an option: the tutorial's server, on port 8888.",
        showDefaultValues = true,
        sortOptions = false,
        usageHelpWidth = 100)
final class ServeCommand implements Callable<Integer> {
    private static final String BOOL = "true|false";

    /** Picocli does so by itself, but for booleans. */
    private static final String SHOW_DEFAULT = " Default: ${DEFAULT-VALUE}.";

    @Spec
    CommandSpec spec;

    @Mixin
    Verbosity verbosity;

    // -- where

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address to listen at.")
    String host;

    @Option(names = "--port", defaultValue = "8888", description = "Port to listen at; 0 for any.")
    int port;

    @Option(names = "--backlog", defaultValue = "1024", description = "Connections the kernel keeps for accept().")
    int backlog;

    @Option(
            names = "--announce",
            paramLabel = "HOST:PORT",
            description = "Announce the server here once a second by UDP; may be a broadcast address."
                    + " Default: not announced.")
    String announce;

    // -- what

    @Option(
            names = "--framing",
            defaultValue = "chunk",
            converter = FramingConverter.class,
            description = "chunk, line or length.")
    Framing framing;

    @Option(
            names = "--reply",
            paramLabel = "TEXT",
            description = "Answer every message with this. Default: " + Serving.DEFAULT_REPLY)
    String reply;

    @Option(names = "--echo", description = "Answer every message with itself.")
    boolean echo;

    @Option(
            names = "--handler",
            paramLabel = "CLASS",
            description = "Answer with this class: an org.reactorserver.MessageHandler.")
    String handler;

    @Option(
            names = "--workers",
            paramLabel = "N|virtual",
            description = "Threads that handle messages; 0: the selector thread does; virtual: a virtual"
                    + " thread per batch (Java 21). Default: the number of processors.")
    String workers;

    @Option(
            names = "--work",
            paramLabel = "DURATION",
            defaultValue = "0",
            converter = DurationConverter.class,
            description = "Every message takes so long, for demonstrations.")
    Duration work;

    @Option(
            names = "--invalid-utf8",
            paramLabel = "reject|replace",
            defaultValue = "reject",
            description = "What becomes of bytes that are not UTF-8.")
    String invalidUtf8;

    // -- limits

    @Option(
            names = "--max-message",
            paramLabel = "SIZE",
            defaultValue = "64KiB",
            converter = SizeConverter.class,
            description = "Longest message.")
    long maxMessage;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            description = "Most connections at a time. Default: the limit of open files less 32.")
    Integer maxConnections;

    @Option(
            names = "--max-connections-per-ip",
            paramLabel = "N",
            description = "Most connections at a time from one address. Default: no limit.")
    Integer maxConnectionsPerIp;

    @Option(
            names = "--active-sessions",
            paramLabel = "N",
            description = "Most sessions served at a time; the others wait. Default: all.")
    Integer activeSessions;

    @Option(
            names = "--session-gap",
            paramLabel = "DURATION",
            defaultValue = "0",
            converter = DurationConverter.class,
            description = "Pause after a session before its place is given to the next one.")
    Duration sessionGap;

    @Option(
            names = "--accepts-per-pass",
            paramLabel = "N",
            defaultValue = "64",
            description = "Most connections accepted before others are looked after.")
    int acceptsPerPass;

    @Option(
            names = "--messages-per-turn",
            paramLabel = "N",
            defaultValue = "64",
            description = "Most messages of a session handled before another one's.")
    int messagesPerTurn;

    @Option(
            names = "--lane-limit",
            paramLabel = "SIZE",
            defaultValue = "64KiB",
            converter = SizeConverter.class,
            description = "With more messages than this waiting for a worker, a session is not read.")
    long laneLimit;

    @Option(
            names = "--high-water",
            paramLabel = "SIZE",
            defaultValue = "64KiB",
            converter = SizeConverter.class,
            description = "With more replies than this waiting, a session is not read.")
    long highWater;

    @Option(
            names = "--outbox-limit",
            paramLabel = "SIZE",
            defaultValue = "1MiB",
            converter = SizeConverter.class,
            description = "With more replies than this waiting, a session is ended.")
    long outboxLimit;

    @Option(
            names = "--reply-memory",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Most replies waiting for slow peers altogether. Default: a quarter of the heap.")
    Long replyMemory;

    @Option(
            names = "--request-memory",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Most undecoded bytes held for all sessions altogether. Default: a quarter of the heap.")
    Long requestMemory;

    // -- deadlines

    @Option(
            names = "--idle-timeout",
            paramLabel = "DURATION",
            defaultValue = "0",
            converter = DurationConverter.class,
            description = "End a session that exchanges no byte for so long; 0: never.")
    Duration idleTimeout;

    @Option(
            names = "--message-timeout",
            paramLabel = "DURATION",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "How long the rest of a message may take to arrive.")
    Duration messageTimeout;

    @Option(
            names = "--write-timeout",
            paramLabel = "DURATION",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "How long a peer may take none of the bytes that wait for it.")
    Duration writeTimeout;

    @Option(
            names = "--linger-timeout",
            paramLabel = "DURATION",
            defaultValue = "2s",
            converter = DurationConverter.class,
            description = "How long an ended session waits for the peer to end it too.")
    Duration lingerTimeout;

    @Option(
            names = "--drain-timeout",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "How long a shutdown may take.")
    Duration drainTimeout;

    // -- sockets

    @Option(
            names = "--keep-alive",
            paramLabel = BOOL,
            arity = "0..1",
            defaultValue = "false",
            fallbackValue = "true",
            description = "SO_KEEPALIVE of clients." + SHOW_DEFAULT)
    boolean keepAlive;

    @Option(
            names = "--no-delay",
            paramLabel = BOOL,
            arity = "0..1",
            defaultValue = "true",
            fallbackValue = "true",
            description = "TCP_NODELAY of clients." + SHOW_DEFAULT)
    boolean noDelay;

    @Option(
            names = "--reuse-address",
            paramLabel = BOOL,
            arity = "0..1",
            defaultValue = "true",
            fallbackValue = "true",
            description = "SO_REUSEADDR of the listener." + SHOW_DEFAULT)
    boolean reuseAddress;

    @Option(
            names = "--reuse-port",
            paramLabel = BOOL,
            arity = "0..1",
            defaultValue = "false",
            fallbackValue = "true",
            description = "SO_REUSEPORT of the listener." + SHOW_DEFAULT)
    boolean reusePort;

    @Option(
            names = "--send-buffer",
            paramLabel = "SIZE",
            defaultValue = "0",
            converter = SizeConverter.class,
            description = "SO_SNDBUF of clients; 0: as the system has it.")
    long sendBuffer;

    @Option(
            names = "--receive-buffer",
            paramLabel = "SIZE",
            defaultValue = "0",
            converter = SizeConverter.class,
            description = "SO_RCVBUF of clients; 0: as the system has it.")
    long receiveBuffer;

    // -- watching

    @Option(
            names = "--transcript",
            paramLabel = "auto|all|off",
            defaultValue = "auto",
            description = "Print connects, messages and disconnects; auto: at most 200 a second.")
    String transcript;

    @Option(names = "--trace", description = "Log every step of the loop and of the workers.")
    boolean trace;

    @Override
    public Integer call() throws IOException {
        LinePrinter lines = transcriptPrinter();
        LinePrinter steps = trace ? Serving.trace() : null;
        try {
            return new Serving(lines, steps).run(builder());
        } catch (UnsupportedOperationException e) {
            throw new ParameterException(spec.commandLine(), "Invalid value for option '--workers': " + e.getMessage());
        }
    }

    private LinePrinter transcriptPrinter() {
        return switch (transcript) {
            case "auto" -> Serving.transcript(Serving.TRANSCRIPT_PER_SECOND);
            case "all" -> Serving.transcript(Integer.MAX_VALUE);
            case "off" -> null;
            default -> throw usage("--transcript", transcript, "expected auto, all or off");
        };
    }

    /** The server as the options have it. */
    ReactorServer.Builder builder() {
        ReactorServer.Builder builder = ReactorServer.builder(framing);
        try {
            configure(builder);
            return builder;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), inTermsOfOptions(e.getMessage()));
        }
    }

    private void configure(ReactorServer.Builder builder) {
        builder.host(host).port(port).backlog(backlog).handler(makeHandler());
        builder.reuseAddress(reuseAddress)
                .reusePort(reusePort)
                .keepAlive(keepAlive)
                .noDelay(noDelay);
        builder.sendBuffer(toInt(sendBuffer)).receiveBuffer(toInt(receiveBuffer));
        builder.maxMessage(toInt(maxMessage)).replaceInvalidUtf8(replacesInvalidUtf8());
        builder.acceptsPerPass(acceptsPerPass).messagesPerTurn(messagesPerTurn);
        builder.laneLimit(toInt(laneLimit)).highWater(toInt(highWater)).outboxLimit(outboxLimit);
        builder.idleTimeout(idleTimeout).messageTimeout(messageTimeout).writeTimeout(writeTimeout);
        builder.lingerTimeout(lingerTimeout).drainTimeout(drainTimeout).sessionGap(sessionGap);
        if (maxConnections != null) {
            builder.maxConnections(maxConnections);
        }
        if (maxConnectionsPerIp != null) {
            builder.maxConnectionsPerIp(maxConnectionsPerIp);
        }
        if (activeSessions != null) {
            builder.activeSessions(activeSessions);
        }
        if (replyMemory != null) {
            builder.replyMemory(replyMemory);
        }
        if (requestMemory != null) {
            builder.requestMemory(requestMemory);
        }
        if (announce != null) {
            builder.announceTo(announceTarget());
        }
        if ("virtual".equals(workers)) {
            builder.virtualThreads();
        } else if (workers != null) {
            builder.workers(workerCount());
        }
    }

    private int workerCount() {
        try {
            return Integer.parseInt(workers);
        } catch (NumberFormatException e) {
            throw usage("--workers", workers, "expected a number or virtual");
        }
    }

    private boolean replacesInvalidUtf8() {
        return switch (invalidUtf8) {
            case "reject" -> false;
            case "replace" -> true;
            default -> throw usage("--invalid-utf8", invalidUtf8, "expected reject or replace");
        };
    }

    private InetSocketAddress announceTarget() {
        Matcher matcher = Pattern.compile("(.+):(\\d{1,5})").matcher(announce);
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 65_535) {
            throw usage("--announce", announce, "expected HOST:PORT, such as 255.255.255.255:8888");
        }
        InetSocketAddress target = new InetSocketAddress(matcher.group(1), Integer.parseInt(matcher.group(2)));
        if (target.isUnresolved()) {
            throw usage("--announce", announce, "the host cannot be resolved");
        }
        return target;
    }

    private MessageHandler makeHandler() {
        boolean loads = handler != null && counts("--handler");
        boolean echoes = echo && counts("--echo");
        boolean replies = reply != null && counts("--reply");
        if ((loads ? 1 : 0) + (echoes ? 1 : 0) + (replies ? 1 : 0) > 1) {
            throw new ParameterException(
                    spec.commandLine(), "--reply, --echo and --handler exclude each other: give one of them");
        }
        if (loads) {
            MessageHandler loaded = loadHandler();
            return work.isZero() ? loaded : new SlowHandler(loaded, work);
        }
        MessageHandler answer = echoes ? Session::send : fixedReply(replies ? reply : null);
        return work.isZero()
                ? answer
                : (session, message) -> {
                    SlowHandler.work(work);
                    answer.onMessage(session, message);
                };
    }

    /** Of these three, what is on the command line puts out of force what is in the environment. */
    private boolean counts(String option) {
        ParseResult given = spec.commandLine().getParseResult();
        return given.hasMatchedOption(option)
                || !(given.hasMatchedOption("--handler")
                        || given.hasMatchedOption("--echo")
                        || given.hasMatchedOption("--reply"));
    }

    private MessageHandler fixedReply(String given) {
        String text = given == null ? Serving.DEFAULT_REPLY : given;
        try {
            framing.check(text);
        } catch (IllegalArgumentException e) {
            throw usage("--reply", text, e.getMessage());
        }
        return (session, message) -> session.send(text);
    }

    private MessageHandler loadHandler() {
        try {
            return (MessageHandler)
                    Class.forName(handler).getDeclaredConstructor().newInstance();
        } catch (ClassNotFoundException e) {
            throw usage("--handler", handler, "there is no such class on the class path");
        } catch (ClassCastException e) {
            throw usage("--handler", handler, "it does not implement org.reactorserver.MessageHandler");
        } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
            throw usage("--handler", handler, "it needs to be public, with a constructor without arguments");
        } catch (InvocationTargetException e) {
            throw usage("--handler", handler, "its constructor failed: " + e.getCause());
        }
    }

    private ParameterException usage(String option, String given, String expected) {
        return new ParameterException(
                spec.commandLine(), "Invalid value for option '%s': '%s': %s".formatted(option, given, expected));
    }

    /** {@code maxMessage must be …} of the builder becomes a sentence about {@code --max-message}. */
    private static String inTermsOfOptions(String message) {
        int end = message.indexOf(' ');
        String option = message.substring(0, end).replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        return "Invalid value for option '--" + option + "':" + message.substring(end);
    }

    private static int toInt(long size) {
        return (int) Math.min(size, Integer.MAX_VALUE);
    }
}
