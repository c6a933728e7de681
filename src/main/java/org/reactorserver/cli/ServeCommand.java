package org.reactorserver.cli;

import static org.reactorserver.text.Log.LOG;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactorserver.GroupBus;
import org.reactorserver.MessageHandler;
import org.reactorserver.ReactorServer;
import org.reactorserver.Session;
import org.reactorserver.admin.Admin;
import org.reactorserver.admin.AdminOptions;
import org.reactorserver.option.Option;
import org.reactorserver.option.OptionException;
import org.reactorserver.option.Options;
import org.reactorserver.option.Values;
import org.reactorserver.page.Brake;
import org.reactorserver.page.Stage;

/** {@code serve}: the server as its options have it. It does without the parser, which would take longer to load. */
final class ServeCommand {
    /** How it can answer; at most one of them is told. */
    private static final List<Option<?>> ANSWERS = List.of(
            ServeOptions.REPLY, ServeOptions.ECHO, ServeOptions.HANDLER, ServeOptions.NO_REPLY, ServeOptions.BROADCAST);

    private final Sources sources;
    private final Values given;
    private Broadcast everybody; // null: messages are not for everybody

    /**
     * Reads what the options are told.
     *
     * @throws OptionException if one of them cannot have its value
     */
    ServeCommand(Sources sources) {
        this.sources = sources;
        this.given = sources.values();
    }

    /**
     * Serves.
     *
     * @param typed what is on the command line for which option
     * @param strays in the environment, which are warned of
     * @return the exit code
     */
    static int run(Map<Option<?>, String> typed, Environment environment, Strays strays) {
        Sources sources;
        try {
            sources = new Sources(typed, environment);
        } catch (ConfigFile.Problem e) {
            return Failure.ofUsage(
                    Sources.invalid(OptionException.unusable(ServeOptions.CONFIG.name(), "", e.getMessage())));
        }
        try {
            ServeCommand command = new ServeCommand(sources);
            Verbosity.set(command.given.get(ServeOptions.VERBOSE));
            LogFormat.choose(command.given.get(ServeOptions.LOG_FORMAT));
            strays.warn(ServeOptions.OF_VARIABLES.stream().map(Option::toString).toList());
            return command.serve();
        } catch (OptionException e) {
            return Failure.ofUsage(sources.explain(e));
        } catch (WrongUsage e) {
            return Failure.ofUsage(e.getMessage());
        } catch (Exception e) {
            return Failure.print(e);
        }
    }

    private int serve() throws IOException {
        LinePrinter lines = transcriptPrinter();
        LinePrinter steps = given.get(ServeOptions.TRACE) ? Serving.trace(lines) : null;
        ReactorServer.Builder builder = builder();
        Admin admin = AdminOptions.admin(given);
        if (given.get(ServeOptions.PRINT_CONFIG)) {
            System.out.print(new ConfigInForce(sources, builder.figures(), outOfForce()));
            return 0;
        }
        Ineffective.sentences(builder.figures()).forEach(LOG::warn);
        if (given.get(ServeOptions.TIMESTAMPS) && lines == null) {
            LOG.warn("--timestamps does nothing with --transcript off");
        }
        boolean isReloadable = sources.text(ServeOptions.CONFIG) != null || builder.figures().toldTls != null;
        Transcript who = lines == null ? null : new Transcript(lines, given.get(ServeOptions.TIMESTAMPS));
        Show show = show();
        accompany(builder, admin, show);
        try {
            return serving(who, steps, show, admin).run(builder, isReloadable ? this::reload : null);
        } catch (UnsupportedOperationException e) {
            throw OptionException.unusable(Options.WORKERS.name(), sources.text(Options.WORKERS), e.getMessage());
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
        Duration slow = given.get(ServeOptions.SLOW);
        boolean stops = given.get(ServeOptions.STEP);
        Path record = given.get(ServeOptions.RECORD);
        if (slow == null && !stops && record == null) {
            return null;
        }
        String problem = record == null ? null : OutputFile.problem(record);
        if (problem != null) {
            throw OptionException.unusable(ServeOptions.RECORD.name(), record.toString(), problem);
        }
        Brake brake =
                slow == null && !stops ? null : new Brake(System::nanoTime, slow == null ? 0 : slow.toMillis(), false);
        return new Show(new Stage(System::nanoTime, brake), stops, record);
    }

    /** Two signals may come at a time. */
    private synchronized void reload(ReactorServer server) {
        server.reloadTls().join();
        try {
            server.setClients(new ServeCommand(sources.again()).builder().figures().clients);
            LOG.info("new connections are let in as --allow and --deny say now");
        } catch (OptionException e) {
            LOG.warn("the access list stays as it was: {}", Sources.invalid(e));
        } catch (Exception e) {
            LOG.warn("the access list stays as it was: {}", Failure.message(e));
        }
    }

    private LinePrinter transcriptPrinter() {
        return switch (given.get(ServeOptions.TRANSCRIPT)) {
            case "auto" -> Serving.transcript(Serving.TRANSCRIPT_PER_SECOND);
            case "all" -> Serving.transcript(Integer.MAX_VALUE);
            default -> null;
        };
    }

    /** The server as the options have it. */
    ReactorServer.Builder builder() {
        ReactorServer.Builder builder = ReactorServer.builder(given.get(ServeOptions.FRAMING));
        ServeOptions.OF_THE_SERVER.stream().filter(given::has).forEach(option -> set(builder, option));
        String announce = given.get(ServeOptions.ANNOUNCE);
        if (announce != null) {
            builder.announceTo(announceTarget(announce));
        }
        return builder.handler(handler());
    }

    private <T> void set(ReactorServer.Builder builder, Option<T> option) {
        builder.set(option, given.get(option));
    }

    private static InetSocketAddress announceTarget(String announce) {
        Matcher matcher = Pattern.compile("(.+):([0-9]{1,5})").matcher(announce);
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 65_535) {
            throw unusable(ServeOptions.ANNOUNCE, announce, "expected HOST:PORT, such as 255.255.255.255:8888");
        }
        InetSocketAddress target = new InetSocketAddress(matcher.group(1), Integer.parseInt(matcher.group(2)));
        if (target.isUnresolved()) {
            throw unusable(ServeOptions.ANNOUNCE, announce, "the host cannot be resolved");
        }
        return target;
    }

    private MessageHandler handler() {
        Option<?> answer = answer();
        Duration work = given.get(ServeOptions.WORK);
        GroupBus bus = BusOptions.bus(given, answer == ServeOptions.BROADCAST);
        if (answer == ServeOptions.HANDLER) {
            MessageHandler handler = loadHandler(given.get(ServeOptions.HANDLER));
            return work.isZero() ? handler : new SlowHandler(handler, work);
        } else if (answer == ServeOptions.BROADCAST) {
            everybody = new Broadcast(bus);
            return slowed(everybody, work);
        } else if (answer == ServeOptions.ECHO) {
            return slowed(Session::send, work);
        }
        return slowed(answer == ServeOptions.NO_REPLY ? (session, message) -> {} : fixedReply(), work);
    }

    /**
     * Of a handler that is a lambda, so that it stays one: a session is not handed off for an onOpen that is missing.
     */
    private static MessageHandler slowed(MessageHandler answer, Duration work) {
        return work.isZero()
                ? answer
                : (session, message) -> {
                    SlowHandler.work(work);
                    answer.onMessage(session, message);
                };
    }

    /** Which of these says how to answer: the one with the first source that counts. */
    private Option<?> answer() {
        for (Sources.Level level : Sources.Level.values()) {
            List<Option<?>> told = ANSWERS.stream()
                    .filter(option -> sources.level(option) == level && isOn(option))
                    .toList();
            if (told.size() > 1) {
                throw new WrongUsage(
                        "--reply, --echo, --handler, --no-reply and --broadcast exclude each other: give one of them");
            }
            if (told.size() == 1) {
                return told.get(0);
            }
        }
        return ServeOptions.REPLY;
    }

    private boolean isOn(Option<?> option) {
        return given.has(option) && !Boolean.FALSE.equals(given.get(option));
    }

    /** The options that have no effect beside others, whatever their values. */
    private List<Option<?>> outOfForce() {
        List<Option<?>> out = new ArrayList<>(ANSWERS);
        out.remove(answer());
        if (given.has(Options.LISTEN)) {
            out.addAll(List.of(Options.HOST, Options.PORT));
        }
        return out;
    }

    private MessageHandler fixedReply() {
        String text = given.get(ServeOptions.REPLY);
        try {
            given.get(ServeOptions.FRAMING).check(text);
        } catch (IllegalArgumentException e) {
            throw unusable(ServeOptions.REPLY, text, e.getMessage());
        }
        return (session, message) -> session.send(text);
    }

    private static MessageHandler loadHandler(String name) {
        try {
            return (MessageHandler) Class.forName(name).getDeclaredConstructor().newInstance();
        } catch (ClassNotFoundException e) {
            throw unusable(ServeOptions.HANDLER, name, "there is no such class on the class path");
        } catch (ClassCastException e) {
            throw unusable(ServeOptions.HANDLER, name, "it does not implement org.reactorserver.MessageHandler");
        } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
            throw unusable(ServeOptions.HANDLER, name, "it needs to be public, with a constructor without arguments");
        } catch (InvocationTargetException e) {
            throw unusable(ServeOptions.HANDLER, name, "its constructor failed: " + e.getCause());
        }
    }

    private static OptionException unusable(Option<?> option, String given, String problem) {
        return OptionException.unusable(option.name(), given, "'" + given + "': " + problem);
    }
}
