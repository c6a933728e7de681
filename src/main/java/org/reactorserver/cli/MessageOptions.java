package org.reactorserver.cli;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.protocol.ReplyEnd;
import org.reactorserver.load.protocol.Scenario;
import org.reactorserver.load.protocol.ScenarioReader;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say what {@code load} sends and expects. */
final class MessageOptions {
    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            converter = SizeConverter.class,
            description = "Length of each message, framing not counted. Default: 64")
    Long size;

    @Option(
            names = "--message",
            paramLabel = "TEXT",
            description = "Each message, instead of a size; {id} is the connection's number, {seq}" + " the message's.")
    String message;

    @Option(
            names = "--send",
            paramLabel = "BYTES",
            description =
                    "Each message as it goes on the wire, without framing, for other protocols: \\r \\n \\t \\0 \\xHH"
                            + " are escapes, here and in --expect; {id} and {seq} as above.")
    String send;

    @Option(
            names = "--expect",
            paramLabel = "echo|TEXT|any",
            defaultValue = LoadPlan.DEFAULT_REPLY,
            description = "The reply to each message; in a text, {id} and {seq} as above.")
    String expect;

    @Option(
            names = "--reply-end",
            paramLabel = "HOW",
            description = "With --expect any: where a reply ends: line, lines:N, bytes:N, until:TEXT, last-line:REGEX,"
                    + " length:BYTES[le][+N], http, resp, or none. Default: as the framing says")
    String replyEnd;

    @Option(
            names = "--greeting",
            paramLabel = "HOW",
            description = "What the server says first, up to its end, as in --reply-end. Default: nothing")
    String greeting;

    @Option(
            names = "--scenario",
            paramLabel = "FILE",
            description = "Say and expect what this file has, instead of one message and its reply: several of them,"
                    + " checks, captured values, pauses, data, a mix. Or one that is built in: redis, redis-resp,"
                    + " memcached, http, smtp or syslog.")
    String scenario;

    @Option(
            names = "--script",
            paramLabel = "TEXT",
            description =
                    "The same on the command line, as in: --script 'send \"PING\\r\\n\"; expect line starts \"+\"'")
    String script;

    /** Puts what was given into the plan. */
    void set(LoadPlan.Builder plan) throws IOException {
        if (scenario != null || script != null) {
            setScenario(plan);
        } else {
            setMessage(plan);
            plan.replyEnd(replyEnd("reply-end", replyEnd)).greeting(replyEnd("greeting", greeting));
        }
    }

    private void setScenario(LoadPlan.Builder plan) throws IOException {
        String option = scenario == null ? "--script" : "--scenario";
        if (scenario != null && script != null) {
            throw usage("--scenario and --script exclude each other; give one");
        }
        Stream.of("--size", "--message", "--send", "--expect", "--reply-end", "--greeting", "--framing", "--depth")
                .filter(this::isTyped)
                .findFirst()
                .ifPresent(other -> {
                    throw usage(option + " says all that is sent and expected, so leave out " + other
                            + (other.equals("--depth") ? "; in it stands: pipeline N" : ""));
                });
        try {
            Scenario read = script == null
                    ? ScenarioReader.read(scenario)
                    : ScenarioReader.parse("", script, Path.of("").toAbsolutePath());
            plan.scenario(read);
        } catch (IllegalArgumentException e) {
            throw usage(option + " " + e.getMessage());
        } catch (NoSuchFileException e) {
            throw usage("--scenario " + scenario + ": there is no such file, and none of that name is built in: those"
                    + " are " + String.join(", ", ScenarioReader.EXAMPLES));
        } catch (IOException e) {
            throw usage("--scenario " + scenario + " cannot be read: " + e.getMessage());
        }
    }

    private static ReplyEnd replyEnd(String option, String text) {
        try {
            return text == null ? null : ReplyEnd.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
        }
    }

    private void setMessage(LoadPlan.Builder plan) {
        if (size != null && message != null && isTyped("--size") == isTyped("--message")) {
            throw usage("--size " + size + " and --message exclude each other; give one");
        }
        if (message != null && (size == null || isTyped("--message"))) {
            plan.message(message);
        } else if (size != null) {
            plan.size(size);
        }
        if (send != null && (message != null || size != null) && !isTyped("--send")) {
            send = null;
        } else if (send != null && (isTyped("--message") || isTyped("--size"))) {
            throw usage("--send excludes --message and --size; give one");
        }
        if (send != null) {
            plan.send(send);
        }
        boolean mayBeMeant = expect.equalsIgnoreCase("echo") || expect.equalsIgnoreCase("any");
        if (mayBeMeant && !expect.equals(expect.toLowerCase(Locale.ROOT))) {
            throw usage("--expect " + expect + " would be a text; write --expect " + expect.toLowerCase(Locale.ROOT)
                    + " if that is what is meant, or give the server's whole reply");
        }
        switch (expect) {
            case "echo" -> plan.expectEcho();
            case "any" -> plan.expectAnything();
            default -> plan.expect(expect);
        }
    }

    /** Whether it is from the command line: that counts more than the environment, between options too. */
    private boolean isTyped(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
