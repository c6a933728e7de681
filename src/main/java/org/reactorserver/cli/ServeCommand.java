package org.reactorserver.cli;

import static org.reactorserver.text.Log.LOG;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactorserver.GroupBus;
import org.reactorserver.MessageHandler;
import org.reactorserver.ReactorServer;
import org.reactorserver.Session;
import org.reactorserver.admin.Admin;
import org.reactorserver.admin.AdminOptions;
import org.reactorserver.framing.Framing;
import org.reactorserver.option.Figures;
import org.reactorserver.option.OptionException;
import org.reactorserver.option.Options;
import org.reactorserver.page.Brake;
import org.reactorserver.page.Stage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code serve}: the server. Its own options are {@link ServerOptions}; here is what only a command line has. */
@Command(
        name = "serve",
        description = "The server. Without an option: the tutorial's server, on port 8888.",
        showDefaultValues = true,
        sortOptions = false,
        usageHelpWidth = 100)
final class ServeCommand implements Callable<Integer> {
    private static final String REPLY = "--reply";
    private static final String ECHO = "--echo";
    private static final String NO_REPLY = "--no-reply";
    private static final String BROADCAST = "--broadcast";
    private static final String HANDLER = "--handler";
    private static final String RECORD = "--record";
    private static final String LOG_FORMAT = "--log-format";

    @Spec
    CommandSpec spec;

    @Mixin
    Verbosity verbosity;

    @Mixin
    Language language;

    @Option(
            names = OptionNames.CONFIG,
            order = 1,
            paramLabel = "FILE",
            description = {
                "Options in a file, a line each, without the dashes: max-message=64KiB.",
                "  The command line counts more than the environment (REACTOR_MAX_MESSAGE), and that more than the"
                        + " file."
            })
    String config;

    @Option(
            names = OptionNames.PRINT_CONFIG,
            order = 2,
            description = {
                "Print every value in force and where it is from, in the form of such a file, and exit.",
                "  What would end the start ends this too, but for what only listening shows."
            })
    boolean printConfig;

    @Option(
            names = "--announce",
            order = 1_900,
            paramLabel = "HOST:PORT",
            description = "Announce the server here once a second by UDP; may be a broadcast address."
                    + " Default: not announced.")
    String announce;

    // -- what it does with messages

    @Option(
            names = "--framing",
            order = 2_000,
            paramLabel = "FRAMING",
            defaultValue = "chunk",
            converter = FramingConverter.class,
            description = Framing.FORMS + ".")
    Framing framing;

    @Option(
            names = REPLY,
            order = 2_001,
            paramLabel = "TEXT",
            defaultValue = Serving.DEFAULT_REPLY,
            description = "Answer every message with this.")
    String reply;

    @Option(names = ECHO, order = 2_002, description = "Answer every message with itself.")
    boolean echo;

    @Option(
            names = NO_REPLY,
            order = 2_003,
            description = "Answer no message: for clients that only send, as logger -T does.")
    boolean noReply;

    @Option(
            names = BROADCAST,
            order = 2_003,
            description = "Send every message to everybody who is connected, its sender included.")
    boolean broadcast;

    @Mixin
    BusOptions busOptions;

    @Option(
            names = HANDLER,
            order = 2_004,
            paramLabel = "CLASS",
            description = "Answer with this class: an org.reactorserver.MessageHandler.")
    String handler;

    @Option(
            names = "--work",
            order = 2_900,
            paramLabel = "DURATION",
            defaultValue = "0",
            converter = DurationConverter.class,
            description = "Every message takes so long, for demonstrations.")
    Duration work;

    // -- watching

    @Option(
            names = "--transcript",
            order = 6_000,
            paramLabel = "auto|all|off",
            defaultValue = "auto",
            description = "Print connects, messages and disconnects; auto: at most 200 a second.")
    String transcript;

    @Option(names = "--trace", order = 6_001, description = "Log every step of the loop and of the workers.")
    boolean trace;

    @Option(
            names = "--slow",
            order = 6_002,
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Hold the loop for so long at each thing that happens, and say what and why. For learning.")
    Duration slow;

    @Option(
            names = "--step",
            order = 6_003,
            description = {
                "Hold the loop at each thing that happens until Enter: the next; s Enter: the next step; p Enter: the",
                "  next pass; r Enter, or SIGCONT: let it go. The server's clock stands still while it is held."
            })
    boolean step;

    @Option(
            names = RECORD,
            order = 6_004,
            paramLabel = "FILE",
            description = "At the end, write what has happened lately, messages included, as a page that replays it.")
    Path record;

    @Option(
            names = "--timestamps",
            order = 6_005,
            description = "Begin each line of the transcript with the date and the time.")
    boolean timestamps;

    @Option(
            names = LOG_FORMAT,
            order = 6_006,
            paramLabel = LogFormat.CHOICES,
            defaultValue = "auto",
            description = {
                "How log lines look; json: an object a line; auto: with priorities where standard error is systemd's",
                "  journal, else text."
            })
    String logFormat;

    private Broadcast everybody; // null: messages are not for everybody

    /** Reads all options again and returns those in which the access list may be another now. */
    Callable<Figures> reread;

    @Override
    public Integer call() throws IOException {
        LinePrinter lines = transcriptPrinter();
        LinePrinter steps = trace ? Serving.trace(lines) : null;
        try {
            ReactorServer.Builder builder = builder();
            Admin admin = AdminOptions.admin(builder.figures().values);
            if (printConfig) {
                System.out.print(new ConfigInForce(spec, builder.figures(), outOfForce(builder.figures())));
                return 0;
            }
            Ineffective.sentences(builder.figures()).forEach(LOG::warn);
            if (timestamps && lines == null) {
                LOG.warn("--timestamps does nothing with --transcript off");
            }
            boolean isReloadable = config != null || builder.figures().toldTls != null;
            Transcript who = lines == null ? null : new Transcript(lines, timestamps);
            Show show = show();
            accompany(builder, admin, show);
            return serving(who, steps, show, admin).run(builder, isReloadable ? this::reload : null);
        } catch (OptionException e) {
            throw ServerOptions.usage(spec, e);
        } catch (UnsupportedOperationException e) {
            throw Usage.of(spec, Options.WORKERS.toString(), e.getMessage());
        }
    }

    private Serving serving(Transcript who, LinePrinter steps, Show show, Admin admin) {
        return everybody == null
                ? new Serving(who, steps, show, server -> {}, () -> {})
                : new Serving(who, steps, show, server -> everybody.begin(server, admin), everybody::end);
    }

    /** The page is part of the admin endpoint, if there is one; else the stage comes by itself. */
    private static void accompany(ReactorServer.Builder builder, Admin admin, Show show) {
        if (admin != null) {
            builder.with(show == null ? admin : admin.showing(show.stage()));
        } else if (show != null) {
            builder.with(show.stage());
        }
    }

    private Show show() {
        if (slow == null && !step && record == null) {
            return null;
        }
        String problem = record == null ? null : OutputFile.problem(record);
        if (problem != null) {
            throw Usage.of(spec, RECORD, problem);
        }
        Brake brake =
                slow == null && !step ? null : new Brake(System::nanoTime, slow == null ? 0 : slow.toMillis(), false);
        return new Show(new Stage(System::nanoTime, brake), step, record);
    }

    /** Two signals may come at a time. */
    private synchronized void reload(ReactorServer server) {
        server.reloadTls().join();
        try {
            server.setClients(reread.call().clients);
            LOG.info("new connections are let in as --allow and --deny say now");
        } catch (Exception e) {
            LOG.warn("the access list stays as it was: {}", Failure.message(e));
        }
    }

    /** Has the log written as it is to be; before anything is. */
    void chooseLogFormat() {
        if (!LogFormat.choose(logFormat)) {
            throw Usage.choice(spec, LOG_FORMAT, logFormat, List.of("auto", "text", "json"));
        }
    }

    /** What the options come to. */
    Figures figures() {
        return builder().figures();
    }

    private LinePrinter transcriptPrinter() {
        return switch (transcript) {
            case "auto" -> Serving.transcript(Serving.TRANSCRIPT_PER_SECOND);
            case "all" -> Serving.transcript(Integer.MAX_VALUE);
            case "off" -> null;
            default -> throw Usage.choice(spec, "--transcript", transcript, List.of("auto", "all", "off"));
        };
    }

    /** The server as the options have it. */
    private ReactorServer.Builder builder() {
        ReactorServer.Builder builder = ReactorServer.builder(framing);
        ServerOptions.configure(spec, builder);
        if (announce != null) {
            builder.announceTo(announceTarget());
        }
        return builder.handler(makeHandler());
    }

    private InetSocketAddress announceTarget() {
        Matcher matcher = Pattern.compile("(.+):([0-9]{1,5})").matcher(announce);
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
        String option = answerOption();
        GroupBus bus = busOptions.bus(spec, option.equals(BROADCAST));
        return switch (option) {
            case BROADCAST -> {
                everybody = everybody == null ? new Broadcast(bus) : everybody;
                yield slowed(everybody);
            }
            case HANDLER -> work.isZero() ? loadHandler() : new SlowHandler(loadHandler(), work);
            case ECHO -> slowed(Session::send);
            case NO_REPLY -> slowed((session, message) -> {});
            default -> slowed(fixedReply(reply));
        };
    }

    /**
     * Of a handler that is a lambda, so that it stays one: a session is not handed off for an onOpen that is missing.
     */
    private MessageHandler slowed(MessageHandler answer) {
        return work.isZero()
                ? answer
                : (session, message) -> {
                    SlowHandler.work(work);
                    answer.onMessage(session, message);
                };
    }

    /** Which of these says how to answer: the one with the first source that counts. */
    private String answerOption() {
        Sources sources = (Sources) spec.defaultValueProvider();
        for (Sources.Level level : Sources.Level.values()) {
            List<String> given = new ArrayList<>();
            for (String option : rivals()) {
                addIf(sources.level(spec.findOption(option)) == level, option, given);
            }
            if (given.size() > 1) {
                throw Usage.of(
                        spec,
                        "--reply, --echo, --handler, --no-reply and --broadcast exclude each other: give one of them");
            }
            if (given.size() == 1) {
                return given.get(0);
            }
        }
        return REPLY;
    }

    /** The options that have no effect beside others, whatever their values. */
    private List<String> outOfForce(Figures figures) {
        List<String> out = new ArrayList<>(List.of(REPLY, ECHO, HANDLER, NO_REPLY, BROADCAST));
        out.remove(answerOption());
        if (figures.values.has(Options.LISTEN)) {
            out.addAll(List.of(Options.HOST.toString(), Options.PORT.toString()));
        }
        return out;
    }

    /** Those of them that are given; the fixed reply always, since it has a default. */
    private List<String> rivals() {
        List<String> rivals = new ArrayList<>(List.of(REPLY));
        addIf(echo, ECHO, rivals);
        addIf(handler != null, HANDLER, rivals);
        addIf(noReply, NO_REPLY, rivals);
        addIf(broadcast, BROADCAST, rivals);
        return rivals;
    }

    private static void addIf(boolean isGiven, String option, List<String> options) {
        if (isGiven) {
            options.add(option);
        }
    }

    private MessageHandler fixedReply(String text) {
        try {
            framing.check(text);
        } catch (IllegalArgumentException e) {
            throw usage(REPLY, text, e.getMessage());
        }
        return (session, message) -> session.send(text);
    }

    private MessageHandler loadHandler() {
        try {
            return (MessageHandler)
                    Class.forName(handler).getDeclaredConstructor().newInstance();
        } catch (ClassNotFoundException e) {
            throw usage(HANDLER, handler, "there is no such class on the class path");
        } catch (ClassCastException e) {
            throw usage(HANDLER, handler, "it does not implement org.reactorserver.MessageHandler");
        } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
            throw usage(HANDLER, handler, "it needs to be public, with a constructor without arguments");
        } catch (InvocationTargetException e) {
            throw usage(HANDLER, handler, "its constructor failed: " + e.getCause());
        }
    }

    private ParameterException usage(String option, String given, String problem) {
        return Usage.of(spec, option, "'" + given + "': " + problem);
    }
}
