package org.reactorserver.load.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scenarios as they are written: what they say, and what is said of those that are wrong. */
class ScenarioReaderTest {
    @TempDir
    Path directory;

    private Script script(String text) {
        return script(text, 1, 1);
    }

    private Script script(String text, int connection, int connections) {
        Script script = new Script(ScenarioReader.parse("f", text, directory), connection, connections, 1);
        script.startOver();
        return script;
    }

    /** What is said next; what is under way is answered by these replies, in turn. */
    private static List<String> said(Script script, int messages, String... replies) throws Unreadable {
        List<String> said = new ArrayList<>();
        int reply = 0;
        while (said.size() < messages) {
            switch (script.next()) {
                case MESSAGE -> {
                    said.add(new String(script.message(said.size() + 1), StandardCharsets.ISO_8859_1));
                    script.sent();
                    if (script.isOneWay()) {
                        script.done();
                    }
                }
                case REPLY -> {
                    byte[] bytes = replies[reply++].getBytes(StandardCharsets.ISO_8859_1);
                    assertThat(script.take(bytes, 0, bytes.length)).isEqualTo(bytes.length);
                    assertThat(script.judge()).as("right").isTrue();
                }
                case PAUSE -> {
                    said.add("pause " + script.pause());
                    script.paused();
                }
                default -> {
                    // the start is through
                }
            }
        }
        return said;
    }

    @Test
    void bytesAndNumbersAndLengths() throws Exception {
        String text = """
            # a comment
            let name "c{id}-{seq}" ; let empty ""
            send "\\x00{{}\\"{#name} {name}"   # another
                 "|{#empty}|{random:7-7}\\r\\n"
            expect none
            """;
        assertThat(said(script(text, 12, 20), 2)).containsExactly("\0{\"5 c12-1|0|7\r\n", "\0{\"5 c12-2|0|7\r\n");
    }

    @Test
    void whatWasCapturedIsUsedWhenItsReplyHasCome() throws Exception {
        String text = """
            replies line
            pipeline 9
            start
              expect matches "^hello (?<host>\\w+)"
            flow
              send "login {host}\\n"
              expect matches "token=(?<token>[0-9a-f]+)"
              send "use {token} of {#token}\\n"
              expect is "ok {*} {token}\\n"
            """;
        List<String> said = said(script(text), 4, "hello me!\n", "token=ff7;\n", "ok, and more, ff7\n", "token=0\n");
        assertThat(said).containsExactly("", "login me\n", "use ff7 of 3\n", "login me\n");
    }

    @Test
    void aPauseComesWhenEverythingIsAnswered() throws Exception {
        Script script = script("pipeline 3; replies line; flow; send \"a\"; send \"b\"; think 5ms");
        assertThat(said(script, 5, "1\n", "2\n")).containsExactly("a", "b", "pause 5000000", "a", "b");
        double sum = 0;
        Script exponential = script("send \"a\" ; expect none ; think exponential 1ms");
        for (String each : said(exponential, 4_000)) {
            sum += each.startsWith("pause ") ? Long.parseLong(each.substring(6)) : 0;
        }
        assertThat(sum / 2_000).isBetween(0.9e6, 1.1e6);
    }

    @Test
    void connectionsShareTheRecordsOfAFile() throws Exception {
        Files.writeString(
                directory.resolve("users.csv"), "name,\"a key\"\r\nann,\"1,2\"\r\nbob,\"say \"\"3\"\"\"\r\ncid,\n");
        Files.writeString(directory.resolve("words.txt"), "one\n\ntwo\nthree\n");
        String text = """
            csv user "users.csv"
            lines word "words.txt" random
            send "{user.name} {#user.name} {word}\\n"
            expect none
            """;
        List<String> first = said(script(text, 1, 2), 3);
        List<String> second = said(script(text, 2, 2), 3);
        assertThat(first).extracting(line -> line.substring(0, 5)).containsExactly("ann 3", "cid 3", "bob 3");
        assertThat(second).extracting(line -> line.substring(0, 5)).containsExactly("bob 3", "ann 3", "cid 3");
        assertThat(String.join("", said(script(text, 1, 2), 99))).contains("one", "two", "three");
        assertThat(said(script(text, 1, 2), 99)).isEqualTo(said(script(text, 1, 2), 99));
        assertThat(Tables.csv("a,b\n\"1,2\",\"say \"\"3\"\"\"\n"))
                .containsExactly(List.of("a", "b"), List.of("1,2", "say \"3\""));
    }

    @Test
    void flowsComeByWeight() throws Exception {
        Script script = script("flow a weight 9; send \"a\"; expect none; flow b weight 1; send \"b\"; expect none");
        assertThat(said(script, 10_000).stream().filter("a"::equals).count()).isBetween(8_800L, 9_200L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "is \"ab\" | ab | true",
                "\"ab\" | abc | false",
                "\"a{*}b{*}c\" | a--b---c | true",
                "\"a{*}b\" | ab | true",
                "\"a{*}b\" | a | false",
                "\"ab{*}ba\" | aba | false",
                "starts \"a{*}c\" | abcd | true",
                "starts \"b\" | abcd | false",
                "ends \"b{*}d\" | abcd | true",
                "ends \"c\" | abcd | false",
                "contains \"b{*}c\" | abcd | true",
                "contains \"cb\" | abcd | false",
                "matches \"^[a-d]{4}$\" | abcd | true",
                "matches \"é\" | é | true",
                "matches \"x\" | abcd | false",
                "starts \"a\" ends \"d\" | abcd | true",
                "starts \"a\" ends \"c\" | abcd | false",
                "contains \"{id}{seq}\" | -17- | true",
            })
    void repliesAreChecked(String checks, String reply, boolean right) throws Unreadable {
        Script script = script("send \"x\"; expect until:\"!\" "
                + checks.replace("is \"ab\"", "is \"ab!\"")
                        .replace("c\" |", "c!\"")
                        .replaceAll("^\"(.*)\"$", "\"$1!\"")
                        .replaceAll("ends \"(.*)\"$", "ends \"$1!\"")
                        .replace("4}$", "4}!$"));
        script.next();
        script.next();
        script.message(7);
        script.sent();
        byte[] bytes = (reply + "!").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) { // in pieces of one byte
            assertThat(script.take(bytes, i, i + 1)).isEqualTo(i + 1 < bytes.length ? -1 : i + 1);
        }
        assertThat(script.judge()).isEqualTo(right);
        assertThat(script.wrong() == null).isEqualTo(right);
    }

    @Test
    void theRestOfAFlowIsLeftOutAfterAWrongReply() throws Exception {
        Script script = script("replies line; flow; send \"a\"; expect \"1\\n\"; send \"b\"; expect \"2\\n\"");
        script.next();
        assertThat(script.next()).isEqualTo(Script.Next.MESSAGE);
        script.message(1);
        script.sent();
        script.take("0\n".getBytes(StandardCharsets.UTF_8), 0, 2);
        assertThat(script.judge()).isFalse();
        assertThat(script.isOutOfStep()).as("a line is a line").isFalse();
        assertThat(script.next()).isEqualTo(Script.Next.MESSAGE);
        assertThat(script.message(2)).isEqualTo("a".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void withoutAnEndAWrongReplyIsTheLast() throws Exception {
        Script script = script("send \"a\"; expect \"123\"");
        script.next();
        script.next();
        script.message(1);
        script.sent();
        assertThat(script.take("1".getBytes(StandardCharsets.UTF_8), 0, 1)).isEqualTo(-1);
        assertThat(script.take("24".getBytes(StandardCharsets.UTF_8), 0, 2)).isEqualTo(2);
        assertThat(script.judge()).isFalse();
        assertThat(script.isOutOfStep()).isTrue();
        assertThat(new String(script.wrong().got(), StandardCharsets.UTF_8)).isEqualTo("124");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                       | 1:1: it has no flow",
                "sned \"a\"                             | 1:1: 'sned' is no statement: there are replies,",
                "\"a\"                                  | 1:1: a statement begins with a word",
                "send a                                 | 1:6: behind send belongs what is sent, in quotes",
                "send \"a                               | 1:6: a text has no second quote in its line",
                "send \"\"                              | 1:1: nothing would be sent",
                "send \"a\"                             | 1:1: which reply is expected? If there is none",
                "send \"a\"; expect                     | 1:11: where does the reply end? Give one of line,",
                "send \"a\"; expect \"b{*}\"            | 1:18: where does the reply end? With a part",
                "send \"a\"; expect lines:x             | 1:18: 'lines:x' does not say where a reply ends",
                "send \"a\"; expect line foo \"b\"      | 1:23: 'foo' is no check: there are is,",
                "send \"a\"; expect none \"b\"          | 1:23: there is nothing to be checked",
                "send \"a\"; expect line; expect line   | 1:24: expect stands behind the send",
                "send \"{nope}\"                        | 1:7: {nope} stands for nothing here: there are id,",
                "send \"ab{*}\"                         | 1:9: {*} stands for nothing here",
                "send \"\\q\"                           | 1:6: '\\q' is no escape",
                "send \"a\"; expect line matches \"(\"  | 1:31: no regular expression:",
                "send \"{random:5-4}\"                  | 1:7: {random:5-4}: the first number",
                "let id \"a\"                           | 1:5: 'id' cannot be a name here",
                "think soon                             | 1:7: a time to think is from 1us to 1h, not 'soon'",
                "pipeline 0                             | 1:10: a number from 1 to 65536 is expected, not '0'",
                "flow a weight 0                        | 1:15: a weight is a number above zero, not '0'",
                "flow a extra                           | 1:8: 'extra' is too much behind flow",
                "flow a; flow b                         | 1:1: flow a sends nothing",
                "flow a; flow b; send \"b\"; expect none | 1:1: flow a sends nothing",
                "let x \"y\"; think 1s                  | 1:1: flow 1 sends nothing",
                "let x \"y\"; send \"a\"; think 1s      | 1:12: which reply is expected?",
                "start; send \"a\"; flow                | 1:8: which reply is expected?",
                "start; think 1s                        | 1:8: think belongs into a flow",
                "close; send \"a\"                      | 1:8: behind close nothing can follow",
                "send \"a\"; expect none; start         | 1:24: the start stands before the first flow",
                "csv a \"no.csv\"                       | 1:7: no.csv: there is no such file in",
                "csv a \".\"                            | 1:7: . cannot be read: Is a directory",
                "flow; lines a \"b\"                    | 1:7: lines stands before start and flow",
            })
    void whatIsWrongIsSaidWithItsPlace(String text, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScenarioReader.parse("f", text == null ? "" : text, directory))
                .withMessageStartingWith("f:" + said);
    }

    /** With a byte order mark, as some programs write it; with lines that are empty; with what is no text. */
    @Test
    void filesAreReadAsPeopleWriteThem() throws Exception {
        Files.writeString(directory.resolve("marked.csv"), "\uFEFFname,key\r\n\r\nann,1\r\n,\r\n\r\n");
        Files.writeString(
                directory.resolve("marked"), "\uFEFFcsv u \"marked.csv\"\nsend \"<{u.name}>\"\nexpect none\n");
        Scenario read = ScenarioReader.read(directory.resolve("marked").toString());
        Script script = new Script(read, 1, 1, 1);
        script.startOver();
        assertThat(said(script, 3)).containsExactly("<ann>", "<>", "<ann>");

        Files.writeString(directory.resolve("bad.csv"), "name,key\n\n\"a\nb\",1\n\nc\n");
        assertMisread(
                "csv u \"bad.csv\"",
                "1:7: bad.csv:6:1: as many values are expected as the first line has, 2," + " and not 1");
        Files.writeString(directory.resolve("open.csv"), "name\n\n\"a\n");
        assertMisread("csv u \"open.csv\"", "1:7: open.csv:3:1: a value here has a quote and no second one");
        Files.write(directory.resolve("binary"), new byte[] {'a', '\n', 'b', (byte) 0xC3, 'c'});
        assertMisread("lines u \"binary\"", "1:9: binary:2:2: this is no text in UTF-8");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> ScenarioReader.read(directory.resolve("binary").toString()))
                .withMessageEndingWith("binary:2:2: this is no text in UTF-8");
    }

    private void assertMisread(String text, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScenarioReader.parse("f", text, directory))
                .withMessageStartingWith("f:" + said);
    }

    @Test
    void theBuiltInOnesCanBeRead() throws Exception {
        for (String name : ScenarioReader.EXAMPLES) {
            assertThat(ScenarioReader.read(name).name()).isEqualTo(name);
        }
    }
}
