package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TraceLayoutTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123456789Z");
    private static final int[] CUBE = {0, 95, 135, 175, 215, 255}; // xterm's levels
    private static final int GREYS = 232;

    private static String withoutTime(String line) {
        assertThat(line).matches("(?s)\\d\\d:\\d\\d:\\d\\d\\.123456 .*");
        return line.substring("12:00:00.123456 ".length());
    }

    @Test
    void inAPipeALineIsAsItIs() {
        assertThat(withoutTime(TraceLayout.PLAIN.line(NOON, "selector", "x"))).isEqualTo("[selector] x");
        assertThat(withoutTime(TraceLayout.PLAIN.line(NOON, "worker-1", "x"))).isEqualTo("[worker-1] x");
        assertThat(TraceLayout.PLAIN.rule(1)).isNull();
    }

    @Test
    void onATerminalTheWorkersHaveAColumnOfTheirOwn() {
        TraceLayout layout = new TraceLayout(true, TraceLayout.NONE);
        assertThat(withoutTime(layout.line(NOON, "selector", "x"))).isEqualTo("[selector]               x");
        assertThat(withoutTime(layout.line(NOON, "worker-1", "x"))).isEqualTo("            [worker-1]   x");
        assertThat(layout.rule(7)).endsWith("─ pass 7");
    }

    @Test
    void everyThreadHasAColour() {
        TraceLayout layout = new TraceLayout(true, TraceLayout.ON_ANY);
        String selector = layout.line(NOON, "selector", "x");
        String one = layout.line(NOON, "worker-1", "x");
        String two = layout.line(NOON, "worker-2", "x");
        assertThat(selector).contains("\033[38;5;63m[selector]").endsWith("x\033[m");
        assertThat(one.replaceAll("worker-\\d", "")).isNotEqualTo(two.replaceAll("worker-\\d", ""));
        assertThat(layout.line(NOON, "main", "x")).doesNotContain("\033");
    }

    @Test
    void noTerminalHasNoColours() { // of a test standard error is none
        assertThat(TraceLayout.of(Map.of("TERM", "xterm")).line(NOON, "selector", "x"))
                .endsWith("] x");
    }

    private static final double BLACK = 0;
    private static final double DARK_GREY = linear(0x1e); // as of editors with a terminal in them
    private static final double WHITE = 1;

    /** WCAG 2.1: contrast is the ratio of the luminances, each with 0.05 added; 4.5 is the least for text. */
    private static void assertReadable(int[] colours, double background, double least) {
        for (int colour : colours) {
            double one = luminance(colour) + 0.05;
            double other = background + 0.05;
            assertThat(Math.max(one, other) / Math.min(one, other))
                    .as("%d on %s", colour, background)
                    .isGreaterThanOrEqualTo(least);
        }
    }

    @Test
    void theColoursCanBeRead() {
        assertReadable(TraceLayout.ON_ANY, WHITE, 4.5);
        assertReadable(TraceLayout.ON_ANY, BLACK, 4.5);
        assertReadable(TraceLayout.ON_ANY, DARK_GREY, 3.5);
        assertReadable(TraceLayout.ON_DARK, BLACK, 4.5);
        assertReadable(TraceLayout.ON_DARK, DARK_GREY, 4.5);
        assertReadable(TraceLayout.ON_LIGHT, WHITE, 4.5);
    }

    @Test
    void noThreadsLookAlike() {
        for (int[] colours : List.of(TraceLayout.ON_ANY, TraceLayout.ON_DARK, TraceLayout.ON_LIGHT)) {
            assertThat(colours).hasSize(6).doesNotHaveDuplicates();
        }
    }

    @Test
    void theTerminalMaySayWhatItsBackgroundIs() {
        assertThat(TraceLayout.colours("15;0")).isSameAs(TraceLayout.ON_DARK);
        assertThat(TraceLayout.colours("12;8")).isSameAs(TraceLayout.ON_DARK);
        assertThat(TraceLayout.colours("0;default;15")).isSameAs(TraceLayout.ON_LIGHT);
        assertThat(TraceLayout.colours("0;7")).isSameAs(TraceLayout.ON_LIGHT);
        for (String unknown : List.of("", "15;default", "0;99", "x")) {
            assertThat(TraceLayout.colours(unknown)).isSameAs(TraceLayout.ON_ANY);
        }
        assertThat(TraceLayout.colours(null)).isSameAs(TraceLayout.ON_ANY);
    }

    private static double luminance(int colour) {
        if (colour >= GREYS) {
            return linear(8 + 10 * (colour - GREYS));
        }
        int inCube = colour - 16;
        return 0.2126 * linear(CUBE[inCube / 36])
                + 0.7152 * linear(CUBE[inCube / 6 % 6])
                + 0.0722 * linear(CUBE[inCube % 6]);
    }

    private static double linear(int level) {
        double value = level / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }
}
