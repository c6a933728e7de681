package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TraceLayoutTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123456789Z");
    private static final int[] CUBE = {0, 95, 135, 175, 215, 255}; // xterm's levels

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
        TraceLayout layout = new TraceLayout(true, false);
        assertThat(withoutTime(layout.line(NOON, "selector", "x"))).isEqualTo("[selector]               x");
        assertThat(withoutTime(layout.line(NOON, "worker-1", "x"))).isEqualTo("            [worker-1]   x");
        assertThat(layout.rule(7)).endsWith("─ pass 7");
    }

    @Test
    void everyThreadHasAColour() {
        TraceLayout layout = new TraceLayout(true, true);
        String selector = layout.line(NOON, "selector", "x");
        String one = layout.line(NOON, "worker-1", "x");
        String two = layout.line(NOON, "worker-2", "x");
        assertThat(selector).contains("\033[38;5;32m[selector]").endsWith("x\033[m");
        assertThat(one.replaceAll("worker-\\d", "")).isNotEqualTo(two.replaceAll("worker-\\d", ""));
        assertThat(layout.line(NOON, "main", "x")).doesNotContain("\033");
    }

    @Test
    void noTerminalHasNoColours() { // of a test standard error is none
        assertThat(TraceLayout.of(Map.of("TERM", "xterm")).line(NOON, "selector", "x"))
                .endsWith("] x");
    }

    /** WCAG 2.1: contrast is the ratio of the luminances, each with 0.05 added; 3 is the least for large text. */
    @Test
    void theColoursCanBeReadOnBlackAndOnWhite() {
        for (int colour : TraceLayout.COLOURS) {
            double luminance = luminance(colour);
            assertThat((luminance + 0.05) / 0.05).as("%d on black", colour).isGreaterThan(3.5);
            assertThat(1.05 / (luminance + 0.05)).as("%d on white", colour).isGreaterThan(3.5);
        }
    }

    private static double luminance(int colour) {
        int inCube = colour - 16;
        return 0.2126 * linear(inCube / 36) + 0.7152 * linear(inCube / 6 % 6) + 0.0722 * linear(inCube % 6);
    }

    private static double linear(int level) {
        double value = CUBE[level] / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }
}
