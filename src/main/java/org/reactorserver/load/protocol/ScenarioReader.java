package org.reactorserver.load.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.reactorserver.load.protocol.Tokens.Token;
import org.reactorserver.option.Durations;

/**
 * Reads scenarios; their grammar is in docs/load.md. One thread.
 */
public final class ScenarioReader {
    private static final Pattern END =
            Pattern.compile("(?s)(line|http|resp|none|(lines|bytes|until|last-line|length):.*)");
    private static final Pattern GROUP = Pattern.compile("\\(\\?<([A-Za-z][A-Za-z0-9]*)>");
    private static final String KNOWN =
            "replies, pipeline, lines, csv, start, flow, let, send, expect, think and close";
    private static final int MOST_UNDER_WAY = 65_536;

    private final Path directory;
    private final Names names = new Names();
    private final List<Scenario.Table> tables = new ArrayList<>();
    private final List<Scenario.Step> start = new ArrayList<>();
    private final List<Scenario.Flow> flows = new ArrayList<>();
    private ReplyEnd replies; // null: each says it
    private int pipeline = 1;

    private List<Scenario.Step> steps; // of what is being read; null before the first
    private Token head; // of the statement that is being read
    private List<Token> rest;
    private Token flow; // at which the one that is being read begins
    private Token send; // the last, as long as it is not known what its reply is
    private boolean answered; // the last message, which has its expect

    private ScenarioReader(Path directory) {
        this.directory = directory;
    }

    /** The names of the scenarios that are built in. */
    public static final List<String> EXAMPLES = List.of("redis", "redis-resp", "memcached", "http", "smtp", "syslog");

    /**
     * Reads a scenario from a file or, if there is no such file, the one of this name that is built in.
     *
     * @throws IOException if there is neither, or it cannot be read; says why
     * @throws IllegalArgumentException if it is none; says in which line and column, and why
     */
    public static Scenario read(String file) throws IOException {
        Path path = Path.of(file);
        if (Files.exists(path) || !EXAMPLES.contains(file)) {
            return parse(file, content(file), path.toAbsolutePath().getParent());
        }
        try (InputStream in = ScenarioReader.class.getResourceAsStream(file + ".scenario")) {
            return parse(file, new String(in.readAllBytes(), StandardCharsets.UTF_8), path);
        }
    }

    private static String content(String file) throws IOException {
        try {
            return TextFile.read(Path.of(file));
        } catch (Tokens.Misread e) {
            throw misread(file, e);
        }
    }

    private static IllegalArgumentException misread(String name, Tokens.Misread e) {
        return new IllegalArgumentException(name + (name.isEmpty() ? "" : ":") + e.getMessage(), e);
    }

    /**
     * Reads a scenario.
     *
     * @param name of it, for messages; empty if it has none
     * @param directory from which the names of its files count
     * @throws IllegalArgumentException if it is none; says in which line and column, and why
     */
    public static Scenario parse(String name, String text, Path directory) {
        try {
            ScenarioReader reader = new ScenarioReader(directory);
            for (List<Token> statement : Tokens.statements(text)) {
                reader.head = statement.get(0);
                reader.rest = new ArrayList<>(statement.subList(1, statement.size()));
                reader.statement();
            }
            return reader.scenario(name, text);
        } catch (Tokens.Misread e) {
            throw misread(name, e);
        }
    }

    private Scenario scenario(String name, String text) {
        if (flows.isEmpty()) {
            throw new Tokens.Misread(1, 1, "it has no flow, so nothing would be sent");
        }
        endFlow();
        return new Scenario(name, text, pipeline, names.count(), tables, start, flows);
    }

    /** What was read last is all there is of a flow, or of the start. */
    private void endFlow() {
        endSend();
        Scenario.Flow last = flows.isEmpty() ? null : flows.get(flows.size() - 1);
        if (last != null && !last.hasStep(Scenario.Send.class)) {
            throw flow.refused("flow " + last.name() + " sends nothing");
        }
    }

    private void endSend() {
        if (send != null) {
            throw send.refused("which reply is expected? If there is none, write behind it: expect none");
        }
    }

    // -- statements
    // ---------------------------------------------------------------------------------

    private void statement() {
        if (head.isText()) {
            throw head.refused("a statement begins with a word: there are " + KNOWN);
        }
        switch (head.value()) {
            case "replies" -> replies = end(word("where replies end, as in: replies line"));
            case "pipeline" -> pipeline = (int) number(word("a number, as in: pipeline 16"), 1, MOST_UNDER_WAY);
            case "lines", "csv" -> table(head.value().equals("csv"));
            case "start" -> start();
            case "flow" -> flow();
            case "let" -> let();
            case "send" -> send();
            case "expect" -> expect();
            case "think" -> think();
            case "close" -> add(new Scenario.Close());
            default -> throw head.refused("'" + head.value() + "' is no statement: there are " + KNOWN);
        }
        if (!rest.isEmpty()) {
            throw rest.get(0).refused("'" + rest.get(0).value() + "' is too much behind " + head.value());
        }
    }

    private void start() {
        if (!flows.isEmpty()) {
            throw head.refused("the start stands before the first flow");
        }
        steps = start;
        answered = true;
    }

    private void flow() {
        String name = Integer.toString(flows.size() + 1);
        if (!rest.isEmpty() && !rest.get(0).value().equals("weight")) {
            name = word("").value();
        }
        double weight = 1;
        if (!rest.isEmpty() && rest.get(0).value().equals("weight")) {
            rest.remove(0);
            Token given = word("a number, as in: flow read weight 9");
            weight = given.value().matches("\\d{1,9}(\\.\\d{1,6})?") ? Double.parseDouble(given.value()) : 0;
            if (weight == 0) {
                throw given.refused("a weight is a number above zero, not '" + given.value() + "'");
            }
        }
        begin(name, weight);
    }

    private void begin(String name, double weight) {
        endFlow();
        flow = head;
        steps = new ArrayList<>();
        flows.add(new Scenario.Flow(name, weight, steps));
        names.beginFlow();
    }

    private void add(Scenario.Step step) {
        if (steps == null) {
            begin("1", 1); // a scenario of one flow need not say so
        }
        boolean inStart = steps == start;
        if (inStart && !(step instanceof Scenario.Send || step instanceof Scenario.Let)) {
            throw head.refused(head.value() + " belongs into a flow, and not into the start");
        } else if (!steps.isEmpty() && steps.get(steps.size() - 1) instanceof Scenario.Close) {
            throw head.refused("behind close nothing can follow in a flow");
        }
        endSend();
        steps.add(step);
    }

    private void table(boolean csv) {
        if (steps != null) {
            throw head.refused(head.value() + " stands before start and flow");
        }
        Token name = word("a name, as in: " + head.value() + " users \"users." + (csv ? "csv" : "txt") + "\"");
        Token file = text("the name of a file in quotes");
        boolean random = !rest.isEmpty() && word("").value().equals("random");
        List<List<String>> all = records(file, csv);
        if (csv) {
            names.columns(name, all.isEmpty() ? List.of() : all.get(0), tables.size());
        } else {
            names.column(name, tables.size());
        }
        List<byte[][]> records = all.stream()
                .skip(csv ? 1 : 0)
                .map(record -> record.stream().map(Tables::bytes).toArray(byte[][]::new))
                .toList();
        if (records.isEmpty()) {
            throw file.refused(file.value() + " has no record");
        }
        tables.add(new Scenario.Table(records, random));
    }

    /** What a file has; of values separated by commas, the first record names the columns. */
    private List<List<String>> records(Token file, boolean csv) {
        try {
            String text = TextFile.read(directory.resolve(file.value()));
            return csv ? Tables.csv(text) : Tables.lines(text);
        } catch (NoSuchFileException e) {
            throw file.refused(file.value() + ": there is no such file in " + directory);
        } catch (IOException e) {
            throw file.refused(file.value() + " cannot be read: " + e.getMessage());
        } catch (Tokens.Misread e) {
            throw file.refused(file.value() + ":" + e.getMessage());
        }
    }

    private void let() {
        Token name = word("a name, as in: let key \"k{random:1-1000}\"");
        Text text = names.text(texts("a text in quotes"), false);
        add(new Scenario.Let(names.set(name), text, names.lastWaits()));
    }

    private void send() {
        Text text = names.text(texts("what is sent, in quotes"), false);
        if (text.isEmpty()) {
            throw head.refused("nothing would be sent");
        }
        Expectation reply = replies == null ? null : new Expectation(replies, List.of(), null);
        add(new Scenario.Send(text, reply, names.lastWaits(), head.line()));
        send = replies == null ? head : null;
        answered = false;
    }

    private void think() {
        Token length = word("how long, as in: think 5ms, or: think exponential 5ms");
        boolean exponential = length.value().equals("exponential");
        Token given = exponential ? word("how long on average, as in: think exponential 5ms") : length;
        Duration duration = Durations.parse(given.value());
        if (duration == null || duration.isZero() || duration.toHours() > 1) {
            throw given.refused("a time to think is from 1us to 1h, not '" + given.value() + "'");
        }
        add(new Scenario.Think(duration.toNanos(), exponential));
    }

    // -- replies
    // ------------------------------------------------------------------------------------

    private void expect() {
        boolean afterSend = steps != null && !steps.isEmpty() && steps.get(steps.size() - 1) instanceof Scenario.Send;
        if (steps != start && (!afterSend || answered)) {
            throw head.refused("expect stands behind the send that is answered, once; what the server says first"
                    + " stands in the start");
        }
        boolean greeting = steps == start && (!afterSend || answered);
        boolean hasEnd = !rest.isEmpty()
                && !rest.get(0).isText()
                && END.matcher(rest.get(0).value()).matches();
        ReplyEnd end = hasEnd ? end(rest.remove(0)) : null;
        boolean waits = false;
        boolean allText = !rest.isEmpty() && rest.stream().allMatch(Token::isText);
        Token first = rest.isEmpty() ? head : rest.get(0);
        Text exact = null;
        List<Check> checks = new ArrayList<>();
        if (allText && end == null && replies == null) {
            exact = names.text(texts(""), true);
            waits = names.lastWaits();
            if (exact.ignoresSomething()) {
                throw first.refused("where does the reply end? With a part that is ignored, say it: expect line " + "\""
                        + first.value() + "\"");
            }
        }
        while (!rest.isEmpty()) {
            checks.add(check());
            waits |= names.lastWaits();
        }
        end = exact == null && end == null ? replies : end;
        if (end == null && exact == null) {
            throw first.refused("where does the reply end? Give one of line, lines:N, bytes:N, until:\"TEXT\","
                    + " last-line:\"REGEX\", length:BYTES, http, resp and none behind expect, or once with replies");
        } else if (end == ReplyEnd.NONE && !checks.isEmpty()) {
            throw first.refused("there is nothing to be checked if there is no reply");
        }
        Expectation reply = end == ReplyEnd.NONE ? Expectation.NONE : new Expectation(end, checks, exact);
        if (greeting) {
            Text nothing = new Text(List.of(new byte[0]), List.of());
            steps.add(new Scenario.Send(nothing, reply, true, head.line()));
        } else {
            Scenario.Send sent = (Scenario.Send) steps.remove(steps.size() - 1);
            steps.add(new Scenario.Send(sent.text(), reply, sent.waits() || waits, sent.line()));
            send = null;
        }
        answered = true;
    }

    private Check check() {
        Token what = rest.get(0);
        if (!what.isText()) {
            rest.remove(0);
        }
        String kind = what.isText() ? "is" : what.value();
        if (kind.equals("matches")) {
            return pattern(text("a regular expression in quotes"));
        } else if (!List.of("is", "starts", "ends", "contains").contains(kind)) {
            throw what.refused("'" + kind + "' is no check: there are is, starts, ends, contains and matches");
        }
        Text text = names.text(texts("a text in quotes"), true);
        boolean fromStart = kind.equals("is") || kind.equals("starts");
        boolean toEnd = kind.equals("is") || kind.equals("ends");
        return Check.text(text, fromStart, toEnd, kind.equals("is") ? "" : kind + " ");
    }

    /** Each byte of a reply is a character, so each byte of what is looked for has to be one. */
    private Check pattern(Token regex) {
        String bytes = new String(Tables.bytes(regex.value()), StandardCharsets.ISO_8859_1);
        try {
            Pattern pattern = Pattern.compile(bytes);
            List<Check.Capture> captures = new ArrayList<>();
            Matcher group = GROUP.matcher(bytes);
            while (group.find()) {
                captures.add(new Check.Capture(group.group(1), names.capture(group.group(1), regex, steps == start)));
            }
            return Check.pattern(pattern, captures);
        } catch (PatternSyntaxException e) {
            throw regex.refused("no regular expression: " + e.getDescription());
        }
    }

    private static ReplyEnd end(Token token) {
        try {
            return ReplyEnd.parse(token.value());
        } catch (IllegalArgumentException e) {
            throw token.refused(e.getMessage());
        }
    }

    // -- words
    // --------------------------------------------------------------------------------------

    private Token word(String expected) {
        if (rest.isEmpty() || rest.get(0).isText()) {
            throw (rest.isEmpty() ? head : rest.get(0)).refused("behind " + head.value() + " belongs " + expected);
        }
        return rest.remove(0);
    }

    private Token text(String expected) {
        if (rest.isEmpty() || !rest.get(0).isText()) {
            throw (rest.isEmpty() ? head : rest.get(0)).refused("behind " + head.value() + " belongs " + expected);
        }
        return rest.remove(0);
    }

    /** Texts that follow each other are one. */
    private List<Token> texts(String expected) {
        List<Token> texts = new ArrayList<>(List.of(text(expected)));
        while (!rest.isEmpty() && rest.get(0).isText()) {
            texts.add(rest.remove(0));
        }
        return texts;
    }

    private static long number(Token token, long least, long most) {
        boolean isOne = token.value().matches("\\d{1,9}");
        if (!isOne || Long.parseLong(token.value()) < least || Long.parseLong(token.value()) > most) {
            throw token.refused("a number from " + least + " to " + most + " is expected, not '" + token.value() + "'");
        }
        return Long.parseLong(token.value());
    }
}
