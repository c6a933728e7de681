package org.reactorserver.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each demo runs, and shows what it says that it shows, however fast this machine is. */
@Timeout(60)
class DemosTest {
    private static final Pattern BAR = Pattern.compile("(?m)^  (\\S.*?) +(?:█+|▏) (?:less than )?([\\d,.]+)");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private String show(String name, Locale language) throws Exception {
        Demos.named(name).show(new Screen(new PrintStream(out, true, UTF_8), language, Window.endless()));
        return out.toString(UTF_8);
    }

    /** The figures beside the bars with this label, in order. */
    private static List<Double> figures(String shown, String label) {
        return BAR.matcher(shown)
                .results()
                .filter(bar -> bar.group(1).equals(label))
                .map(DemosTest::figure)
                .toList();
    }

    private static double figure(MatchResult bar) {
        return Double.parseDouble(bar.group(2).replace(",", ""));
    }

    @Test
    void theListHasALineForEach() {
        Demos.list(new Screen(new PrintStream(out, true, UTF_8), Locale.ENGLISH, Window.endless()));
        assertThat(out.toString(UTF_8).lines().map(line -> line.strip().split(" ")[0]))
                .containsExactlyElementsOf(Demos.NAMES);
        assertThat(Demos.NAMES).allMatch(name -> Demos.named(name) != null);
        assertThat(Demos.named("select")).isNull();
    }

    @Test
    void acceptReturnsAClientOrNull() throws Exception {
        assertThat(show("accept", Locale.CHINESE))
                .containsPattern("accept\\(\\) → 127\\.0\\.0\\.1:\\d+，用时 [\\d.]+ ms")
                .contains("accept() → null，用时 ")
                .contains("非阻塞方式");
    }

    @Test
    void aThousandClientsTakeAThousandThreadsOrAHandful() throws Exception {
        assumeTrue(Vitals.areKnown(), "there is no /proc");
        String shown = show("threads-vs-reactor", Locale.ENGLISH);
        List<Double> theirs = figures(shown, "thread per client");
        List<Double> ours = figures(shown, "one selector");
        assertThat(theirs).as(shown).hasSize(3);
        assertThat(ours).as(shown).hasSize(3);
        assertThat(theirs.get(0)).as("threads").isGreaterThan(1000);
        assertThat(ours.get(0)).as("threads").isLessThan(100);
    }

    @Test
    void twoWorkersHandleTwoAtATime() throws Exception {
        String shown = show("slow-handler", Locale.ENGLISH);
        assertThat(shown).contains("Expected: the last reply after 2 × 300 ms = 600 ms.");
        List<Double> last = figures(shown, "reply to client 4");
        assertThat(last).as(shown).hasSize(3);
        assertThat(last.get(0)).as("after four times 300 ms").isGreaterThanOrEqualTo(1200 - 1);
        assertThat(last.get(2)).as("after two times 300 ms").isGreaterThanOrEqualTo(300);
        assertThat(figures(shown, "new client accepted")).hasSize(3);
    }

    @Test
    void onlyAFramingKeepsTwoMessagesApartAndACharacterIsNeverTorn() throws Exception {
        String shown = show("framing", Locale.ENGLISH);
        List<Double> together = figures(shown, "[onetwo]");
        List<Double> apart = figures(shown, "[one] [two]");
        assertThat(together).as(shown).hasSize(2);
        assertThat(together.get(0) + apart.get(0)).as("chunks").isEqualTo(500);
        assertThat(together.get(1)).as("lines").isZero();
        assertThat(apart.get(1)).as("lines").isEqualTo(500);
        assertThat(shown)
                .containsSubsequence("read 1 byte: e6", "read 1 byte: 94", "read 1 byte: b6", "message: \"收\"");
    }

    @Test
    void whoDoesNotReadIsNotReadAndLosesNothing() throws Exception {
        String shown = show("backpressure", Locale.ENGLISH);
        assertThat(shown).containsPattern("(?s)It sent ([\\d,]+) KiB.*all \\1\\s+KiB\\s+came\\s+back");
        assertThat(shown).containsPattern("In the server 1[23]\\d KiB of replies wait");
        List<Double> places = Stream.of("not read, in the kernel", "in the server", "replies, in the kernel")
                .flatMap(label -> figures(shown, label).stream())
                .toList();
        double sent = BAR.matcher(shown)
                .results()
                .mapToDouble(DemosTest::figure)
                .max()
                .orElseThrow();
        assertThat(places).as(shown).hasSize(3);
        assertThat(places.stream().mapToDouble(each -> each).sum())
                .as("all of it is somewhere")
                .isEqualTo(sent);
    }

    @Test
    void aHalfCloseGetsTheRepliesAndACloseDoesNot() throws Exception {
        String shown = show("half-close", Locale.ENGLISH);
        assertThat(figures(shown, "shutdownOutput")).containsExactly(3.0);
        assertThat(shown)
                .containsSubsequence(
                        "re: one", "re: two", "re: three", "too: end of stream", "connection lost", "Seen: 3 of 3");
    }

    @Test
    void ordersAreDrawn() throws Exception {
        String shown = show("order", Locale.ENGLISH);
        assertThat(Pattern.compile("(?m)^  client \\d").matcher(shown).results())
                .hasSize(3 + 3 + 4 + 3 + 3);
        assertThat(shown).containsPattern("(?m)^  client 2 +░+$"); // of the queue: never served
    }

    @Test
    void anEndInOrderAnswersAllAndOneAtOnceDoesNot() throws Exception {
        String shown = show("shutdown", Locale.ENGLISH);
        assertThat(figures(shown, "drain(10 s)")).as(shown).containsExactly(3.0);
        assertThat(figures(shown, "drain(0)").get(0)).as(shown).isLessThan(3);
        assertThat(shown).contains("replies written: 3; dropped: messages 0, replies 0; sessions cut off: 0");
    }

    private String plan(long connections, double messages, long groupSize) {
        out.reset();
        new PlanDemo(connections, messages, groupSize)
                .show(new Screen(new PrintStream(out, true, UTF_8), Locale.ENGLISH, Window.endless()));
        return out.toString(UTF_8);
    }

    @Test
    void aPlanSaysHowManyServersAndWhatIsFullFirst() throws Exception {
        assertThat(plan(10_000, 100, 1))
                .contains("So 1: the connections decide", "One instance needs no bus", ": 1 instance.")
                .contains("10,000 connections, 100 messages");
        assertThat(plan(1, 1, 1)).contains("1 connection, 1 message a second").doesNotContain("1 connections");
        assertThat(plan(100_000, 100, 10))
                .contains("So 6: the connections decide", ": 6 instances.", "The bus carries 500 copies");
        assertThat(plan(1_000, 1_000, 1_000)).contains("the selector threads are full first");
        assertThat(plan(10, 1, 1_000)).as("no group is larger than all").contains("each to a group of 10.");
        assertThat(plan(10_000_000, 1, 1)).contains("beyond what was tried");
        assertThat(show("plan", Locale.CHINESE))
                .contains("100,000 个连接", "6 个实例", "1 台服务器")
                .doesNotContain("(s)");
    }
}
