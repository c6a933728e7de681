package org.reactorserver.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.reactorserver.demo.BackpressureDemo.Standstill;
import org.reactorserver.demo.Screen.Bar;
import org.reactorserver.demo.Screen.Row;
import org.reactorserver.demo.Screen.Span;

class ScreenTest {
    private static final String ENTER = "Press Enter to go on.";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Screen screen(Window window) {
        return new Screen(new PrintStream(out, true, UTF_8), Locale.ENGLISH, window);
    }

    private List<String> lines() {
        return out.toString(UTF_8).lines().toList();
    }

    private static InputStream keys(String typed) {
        return new ByteArrayInputStream(typed.getBytes(UTF_8));
    }

    private static void threeLines(Screen screen) {
        screen.part(() -> {
            screen.line("a");
            screen.line("b");
            screen.line("c");
        });
    }

    @Test
    void allBarsBeginBehindTheWidestLabelAndHaveOneScale() {
        Screen screen = screen(Window.endless());
        screen.chart(40, List.of(new Bar("x", 20, "20"), new Bar("客户端", 2, "2"), new Bar("none", 0, "0")));
        assertThat(lines()).containsExactly("  x      " + "█".repeat(20) + " 20", "  客户端 ██ 2", "  none   ▏ 0");
    }

    @Test
    void aTimelineHasItsScaleBelow() {
        Screen screen = screen(Window.endless());
        screen.timeline(
                400,
                List.of(
                        new Row("a", List.of(new Span(0, 400, '░'), new Span(200, 400, '█'))),
                        new Row("b", List.of(new Span(400, 400, '█')))));
        assertThat(lines())
                .containsExactly(
                        "  a " + "░".repeat(20) + "█".repeat(20),
                        "  b " + " ".repeat(39) + "█",
                        "    0 ms" + " ".repeat(30) + "400 ms");
    }

    @Test
    void aNarrowTerminalGetsShorterBars() {
        Screen screen = screen(new Window(60, 24, keys("")));
        screen.chart(1, List.of(new Bar("x", 1, "1")));
        assertThat(lines()).containsExactly("  x " + "█".repeat(20) + " 1");
    }

    @Test
    void aPartThatWouldPushTheOneBeforeOutOfSightWaitsForEnter() {
        InputStream keys = keys("\nrest");
        Screen screen = screen(new Window(80, 6, keys));
        threeLines(screen);
        assertThat(out.toString(UTF_8)).as("there is room for the first one").doesNotContain(ENTER);
        threeLines(screen);
        assertThat(out.toString(UTF_8)).contains("c\n" + ENTER + "a\n"); // Enter, which ends the line, is echoed
        assertThat(keys).as("no more is read than one line").hasContent("rest");
    }

    @Test
    void whatFitsIsNotWaitedForNorIsAPipe() {
        Screen high = screen(new Window(80, 7, keys("")));
        threeLines(high);
        threeLines(high);
        Screen pipe = screen(Window.endless());
        for (int i = 0; i < 100; i++) {
            threeLines(pipe);
        }
        assertThat(out.toString(UTF_8)).doesNotContain(ENTER);
    }

    @Test
    void theEndOfTheInputIsAsGoodAsEnter() {
        Screen screen = screen(new Window(80, 2, keys("")));
        threeLines(screen);
        threeLines(screen);
        assertThat(lines()).hasSize(6).filteredOn(line -> line.contains(ENTER)).hasSize(1);
    }

    @Test
    void aWindowIsAsTheTerminalSaysOrTheUsualOne() {
        assertThat(Window.of("50 90\n", keys(""))).matches(window -> window.rows() == 50 && window.columns() == 90);
        assertThat(Window.of("24 200", keys("")).columns())
                .as("longer lines are hard to read")
                .isEqualTo(100);
        for (String unknown : List.of("", "0 0\n", "stty: not a terminal")) {
            assertThat(Window.of(unknown, keys(""))).matches(window -> window.rows() == 24 && window.columns() == 80);
        }
    }

    @Test
    void switchesThatAreNearlyNoneAreNotShownAsNone() {
        Screen screen = screen(Window.endless());
        assertThat(ThreadsDemo.perMessage(screen, 0.004)).isEqualTo("less than 0.01");
        assertThat(ThreadsDemo.perMessage(screen, 0)).isEqualTo("less than 0.01");
        assertThat(ThreadsDemo.perMessage(screen, 0.98)).isEqualTo("0.98");
    }

    @Test
    void ticksInWhichNothingWasSentAreOneRow() {
        List<Standstill> rows = BackpressureDemo.standstills(List.of(1024L, 3000L, 3000L, 3000L, 4096L));
        assertThat(rows).containsExactly(new Standstill(1, 1, 1), new Standstill(2, 4, 3), new Standstill(5, 5, 4));
        assertThat(rows.stream().map(Standstill::label)).containsExactly("100 ms", "200–400 ms", "500 ms");
    }

    @Test
    void oneIsSingular() {
        Screen screen = screen(Window.endless());
        assertThat(screen.count("instance", 1)).isEqualTo("1 instance");
        assertThat(screen.count("instance", 0)).isEqualTo("0 instances");
        assertThat(screen.count("instance", 1_000)).isEqualTo("1,000 instances");
    }
}
