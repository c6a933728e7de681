package org.reactorserver.bench.report;

import java.util.Locale;

/**
 * A drawing being written: shapes with classes, and one style sheet that gives the classes their
 * colours in light and in dark. It brings its own background, because a page may be dark where the
 * reader's system is light.
 */
final class Svg {

    private static final String STYLE = """
            <style>
              text { font: 12px system-ui, sans-serif; fill: #1f2328 }
              .title { font-size: 15px; font-weight: 600 }
              .dim { fill: #59636e }
              .page { fill: #ffffff }
              .grid { stroke: #d1d9e0; fill: none }
              .range { stroke: #1f2328; stroke-opacity: .55; fill: none }
              .ours { fill: #0969da } .line.ours { stroke: #0969da }
              .peer { fill: #9198a1 } .line.peer { stroke: #bc4c00 } .dot.peer { fill: #bc4c00 }
              .limit { fill: #1a7f37 } .line.limit { stroke: #1a7f37 }
              .line { fill: none; stroke-width: 2 }
              @media (prefers-color-scheme: dark) {
                text { fill: #f0f6fc }
                .dim { fill: #9198a1 }
                .page { fill: #0d1117 }
                .grid { stroke: #3d444d }
                .range { stroke: #f0f6fc }
                .ours { fill: #4493f8 } .line.ours { stroke: #4493f8 }
                .peer { fill: #656c76 } .line.peer { stroke: #f0883e } .dot.peer { fill: #f0883e }
                .limit { fill: #3fb950 } .line.limit { stroke: #3fb950 }
              }
            </style>
            """;

    private final StringBuilder shapes = new StringBuilder();

    void text(String style, double x, double y, String anchor, String text) {
        add("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", style, x, y, anchor, escape(text));
    }

    void bar(String style, double x, double y, double width, double height) {
        add(
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\"/>",
                style, x, y, width, height);
    }

    void line(String style, double x1, double y1, double x2, double y2) {
        add("<path class=\"%s\" d=\"M%.1f %.1f L%.1f %.1f\"/>", style, x1, y1, x2, y2);
    }

    void dot(String style, double x, double y) {
        add("<circle class=\"dot %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/>", style, x, y);
    }

    String finish(double width, double height, String description) {
        return String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\""
                        + " role=\"img\">%n<title>%s</title>%n%s<rect class=\"page\" width=\"100%%\""
                        + " height=\"100%%\" rx=\"6\"/>%n%s</svg>%n",
                width,
                height,
                width,
                escape(description),
                STYLE,
                shapes);
    }

    /** Ours, the limit, or a peer: what gives a server its colour. */
    static String style(String server) {
        return server.startsWith("ours") ? "ours" : server.matches("c(-.*)?") ? "limit" : "peer";
    }

    private void add(String format, Object... values) {
        shapes.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
