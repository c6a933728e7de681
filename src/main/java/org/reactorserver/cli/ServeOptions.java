package org.reactorserver.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.reactorserver.admin.AdminOptions;
import org.reactorserver.framing.Framing;
import org.reactorserver.option.Kind;
import org.reactorserver.option.Option;
import org.reactorserver.option.Option.Topic;
import org.reactorserver.option.Options;

/**
 * All that {@code serve} can be told: the server's options, those of what comes with it, and those that only the
 * command line has, which are defined here. The parser, the help, and what reads a usual command line without the
 * parser are made from this. Apart from the parser: a usual start does without it.
 */
final class ServeOptions {
    // -- the command line itself

    static final Option<Boolean> VERBOSE = presence("verbose", null, Verbosity.VERBOSE_MEANING);

    static final Option<Locale> LANG = own("lang", null, Kind.read(Language.LABEL, Language::read), Language.MEANING);

    static final Option<String> CONFIG = own("config", null, text("FILE"), """
            Options in a file, a line each, without the dashes: max-message=64KiB.
              The command line counts more than the environment (REACTOR_MAX_MESSAGE), and that more than the file.""");

    static final Option<Boolean> PRINT_CONFIG = presence("print-config", null, """
            Print every value in force and where it is from, in the form of such a file, and exit.
              What would end the start ends this too, but for what only listening shows.""");

    // -- what it does with messages

    static final Option<Framing> FRAMING = withDefault(
            "framing", Topic.WHAT, Kind.read("FRAMING", ServeOptions::framing), Framing.chunks(), Framing.FORMS + ".");

    static final Option<String> REPLY =
            withDefault("reply", Topic.WHAT, text("TEXT"), "收到客户端信息", "Answer every message with this.");

    static final Option<Boolean> ECHO = presence("echo", Topic.WHAT, "Answer every message with itself.");

    static final Option<Boolean> NO_REPLY =
            presence("no-reply", Topic.WHAT, "Answer no message: for clients that only send, as logger -T does.");

    static final Option<Boolean> BROADCAST =
            presence("broadcast", Topic.WHAT, "Send every message to everybody who is connected, its sender included.");

    static final Option<String> HANDLER =
            own("handler", Topic.WHAT, text("CLASS"), "Answer with this class: an org.reactorserver.MessageHandler.");

    static final Option<String> BUS = own("bus", Topic.WHAT, text("URL"), """
            With --broadcast: to the clients of all servers on this bus, such as
              nats://127.0.0.1:4222 or tls://host:4222; several, with commas, if they are one cluster. Needs jnats.jar
              (io.nats:jnats) beside this jar. The server serves on when the bus is not there.""");

    static final Option<Path> BUS_CREDENTIALS = own(
            "bus-credentials",
            Topic.WHAT,
            Kind.read("FILE", Path::of),
            "Who this server is for the bus: a file of credentials, or of a user's NKey.");

    // -- watching

    static final Option<String> TRANSCRIPT = withDefault(
            "transcript",
            Topic.WATCHING,
            oneOf("auto", "all", "off"),
            "auto",
            "Print connects, messages and disconnects; auto: at most 200 a second.");

    static final Option<Boolean> TRACE =
            presence("trace", Topic.WATCHING, "Log every step of the loop and of the workers.");

    static final Option<Duration> SLOW = own("slow", Topic.WATCHING, Kind.duration(), """
            Hold the loop for so long at each thing that happens, and say what and why. For learning.
              Clients wait meanwhile: start them with client --count 1 --timeout 10m.""");

    static final Option<Boolean> STEP = presence("step", Topic.WATCHING, """
            Hold the loop at each thing that happens until Enter: the next; s Enter: the next step; p Enter: the
              next pass; r Enter, or SIGCONT: let it go. The server's clock stands still while it is held.
              Clients wait meanwhile: start them with client --count 1 --timeout 10m.""");

    static final Option<Path> RECORD = own(
            "record",
            Topic.WATCHING,
            Kind.read("FILE", Path::of),
            "At the end, write what has happened lately, messages included, as a page that replays it.");

    static final Option<Boolean> TIMESTAMPS =
            presence("timestamps", Topic.WATCHING, "Begin each line of the transcript with the date and the time.");

    static final Option<String> LOG_FORMAT =
            withDefault("log-format", Topic.WATCHING, oneOf("auto", "text", "json"), "auto", """
            How log lines look; json: an object a line; auto: with priorities where standard error is systemd's
              journal, else text.""");

    // -- demonstrations and the like: behind the others of their topic

    static final Option<String> ANNOUNCE = own(
            "announce",
            Topic.WHERE,
            text("HOST:PORT"),
            "Announce the server here once a second by UDP; may be a broadcast address. Default: not announced.");

    static final Option<Duration> WORK = withDefault(
            "work", Topic.WHAT, Kind.duration(), Duration.ZERO, "Every message takes so long, for demonstrations.");

    /** What the server itself and what comes with it can be told. */
    static final List<Option<?>> OF_THE_SERVER =
            Stream.of(AdminOptions.all(), Options.all()).flatMap(List::stream).toList();

    /** All of them, in the order of the help. */
    static final List<Option<?>> ALL = Stream.<List<? extends Option<?>>>of(
                    List.of(VERBOSE, LANG, CONFIG, PRINT_CONFIG),
                    List.of(FRAMING, REPLY, ECHO, NO_REPLY, BROADCAST, HANDLER, BUS, BUS_CREDENTIALS),
                    List.of(TRANSCRIPT, TRACE, SLOW, STEP, RECORD, TIMESTAMPS, LOG_FORMAT),
                    OF_THE_SERVER,
                    List.of(ANNOUNCE, WORK))
            .<Option<?>>flatMap(List::stream)
            .sorted((one, other) ->
                    heading(one) - heading(other)) // an archive of classes cannot have Comparator's lambdas
            .toList();

    /** Those that can be told by the environment. */
    static final List<Option<?>> OF_VARIABLES =
            ALL.stream().filter(option -> option != PRINT_CONFIG).toList();

    /** Those that a file can have. */
    static final List<Option<?>> OF_FILES =
            OF_VARIABLES.stream().filter(option -> option != CONFIG).toList();

    private static final Map<String, Option<?>> NAMED = new HashMap<>();

    static {
        ALL.forEach(option -> names(option).forEach(name -> NAMED.put(name, option)));
    }

    private ServeOptions() {}

    /** What it is called on the command line, the long name last. */
    static List<String> names(Option<?> option) {
        return option == Options.PORT
                ? List.of("-p", option.toString())
                : option == VERBOSE ? List.of("-v", option.toString()) : List.of(option.toString());
    }

    /** The option with that name; null if there is none. */
    static Option<?> named(String name) {
        return NAMED.get(name);
    }

    /** Under which heading of the help it stands: the first is of the command line itself. */
    static int heading(Option<?> option) {
        return option.topic() == null ? 0 : option.topic().ordinal() + 1;
    }

    /** Whether it may stand without a value, and means "true" then. */
    static boolean isFlag(Option<?> option) {
        return option.standard() instanceof Boolean;
    }

    private static Framing framing(String text) {
        try {
            return Framing.named(text);
        } catch (IllegalArgumentException e) {
            List<String> forms = List.of(Framing.FORMS.split(", | or "));
            throw new IllegalArgumentException(e.getMessage() + Nearest.question(Nearest.to(text, forms)), e);
        }
    }

    private static Kind<String> text(String label) {
        return Kind.read(label, text -> text);
    }

    private static Kind<String> oneOf(String... words) {
        List<String> known = List.of(words);
        return Kind.read(String.join("|", words), text -> {
            if (!known.contains(text)) {
                throw new IllegalArgumentException(Usage.choice(text, known));
            }
            return text;
        });
    }

    private static Option<Boolean> presence(String name, Topic topic, String meaning) {
        return withDefault(name, topic, Kind.presence(), false, meaning);
    }

    private static <T> Option<T> own(String name, Topic topic, Kind<T> kind, String meaning) {
        return withDefault(name, topic, kind, null, meaning);
    }

    private static <T> Option<T> withDefault(String name, Topic topic, Kind<T> kind, T standard, String meaning) {
        return new Option<>(name, topic, kind, standard, null, meaning);
    }
}
