package org.reactorserver.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** That the page can be read in a light room: contrast as WCAG 2.2 has it (1.4.3 for text, 1.4.11 for shapes). */
class ColoursTest {
    private static final double TEXT = 4.5;
    private static final double SHAPE = 3;
    private static final Pattern THEME = Pattern.compile(":root \\{(.*?)}", Pattern.DOTALL);
    private static final Pattern COLOUR = Pattern.compile("--([a-z-]+): (#[0-9a-f]{3,6})");

    private final String style = Recording.resource(Recording.STYLE);

    private List<Map<String, String>> themes() {
        return THEME.matcher(style)
                .results()
                .map(theme -> {
                    Map<String, String> colours = new TreeMap<>();
                    Matcher colour = COLOUR.matcher(theme.group(1));
                    while (colour.find()) {
                        colours.put(colour.group(1), colour.group(2));
                    }
                    return colours;
                })
                .toList();
    }

    private static double luminance(String colour) {
        int step = colour.length() == 4 ? 1 : 2;
        double[] parts = new double[3];
        for (int i = 0; i < 3; i++) {
            String digits = colour.substring(1 + i * step, 1 + (i + 1) * step);
            double share = Integer.parseInt(digits.repeat(3 - step), 16) / 255.0;
            parts[i] = share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    }

    private static double contrast(String one, String other) {
        double a = luminance(one) + 0.05;
        double b = luminance(other) + 0.05;
        return Math.max(a, b) / Math.min(a, b);
    }

    private static void assertContrast(Map<String, String> theme, String of, String on, double least) {
        assertThat(contrast(theme.get(of), theme.get(on)))
                .as("%s %s on %s %s", of, theme.get(of), on, theme.get(on))
                .isGreaterThanOrEqualTo(least);
    }

    @Test
    void theMeasureIsRight() {
        assertThat(contrast("#000", "#ffffff")).isEqualTo(21);
        assertThat(contrast("#777777", "#fff")).isBetween(4.47, 4.48);
    }

    @Test
    void eachColourStandsOutFromEachGround() {
        assertThat(themes()).hasSize(2).allSatisfy(theme -> {
            for (String ground : List.of("back", "box", "wash")) {
                for (String text : List.of("ink", "soft", "lit", "message", "reply", "bytes", "warn")) {
                    assertContrast(theme, text, ground, TEXT);
                }
                assertContrast(theme, "edge", ground, SHAPE);
            }
            assertContrast(theme, "on-lit", "lit", TEXT);
            assertContrast(theme, "on-lit", "message", TEXT);
        });
    }

    @Test
    void thereAreNoColoursBesides() {
        String rules = THEME.matcher(style).replaceAll("");
        assertThat(rules).doesNotContainPattern("#[0-9a-f]{3,6}[;\\s}]").doesNotContain("opacity: .6");
        assertThat(themes())
                .allSatisfy(theme -> assertThat(theme.keySet())
                        .containsOnly(
                                "back", "box", "wash", "ink", "soft", "line", "edge", "lit", "on-lit", "message",
                                "reply", "bytes", "warn"));
    }
}
