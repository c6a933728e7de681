package org.reactorserver.load.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A chart as inline SVG without script: colours come from the page's style sheet by class, details of a
 * point from its title. Not thread-safe.
 */
final class Chart {
    private static final int LEFT = 62;
    private static final int RIGHT = 14;
    private static final int TOP = 10;
    private static final int BOTTOM = 26;
    private static final int LEAST_BAND = 2;
    private static final int ROOM_PER_LABEL = 58;

    /** A point of a line; a value that is not a number interrupts it. */
    record Point(double x, double y) {}

    private record Line(String style, List<Point> points) {}

    private record Band(String style, double from, double to, String title) {}

    private record Cell(String style, double fromX, double toX, double fromY, double toY) {}

    private record Dot(String style, Point point, String title) {}

    private final String description;
    private final Axis x;
    private final Axis y;
    private final List<Band> bands = new ArrayList<>();
    private final List<Line> areas = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();
    private final List<Cell> cells = new ArrayList<>();
    private final List<Dot> dots = new ArrayList<>();
    private final List<Band> details = new ArrayList<>();

    Chart(String description, Axis x, Axis y) {
        this.description = description;
        this.x = x;
        this.y = y;
    }

    Chart line(String style, List<Point> points) {
        lines.add(new Line(style, points));
        return this;
    }

    /** A line, and the space below it. */
    Chart area(String style, List<Point> points) {
        areas.add(new Line(style, points));
        return line(style, points);
    }

    /** A rectangle. */
    Chart cell(String style, double fromX, double toX, double fromY, double toY) {
        cells.add(new Cell(style, fromX, toX, fromY, toY));
        return this;
    }

    /** A stretch of the x axis that is marked from top to bottom. */
    Chart band(String style, double from, double to, String title) {
        bands.add(new Band(style, from, to, title));
        return this;
    }

    Chart dot(String style, Point point, String title) {
        dots.add(new Dot(style, point, title));
        return this;
    }

    /** What is shown when a stretch of the x axis is pointed at. */
    Chart detail(double from, double to, String title) {
        details.add(new Band("detail", from, to, title));
        return this;
    }

    /** The same chart for wide and for narrow windows; the style sheet shows one of them. */
    String svg() {
        return svg("wide", 920, 250) + svg("narrow", 360, 210);
    }

    private String svg(String style, int width, int height) {
        Drawing drawing = new Drawing(width, height);
        drawing.add(
                "<svg class=\"chart %s\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
                style, width, height, Html.escape(description));
        bands.forEach(drawing::band);
        drawing.axes();
        cells.forEach(drawing::cell);
        areas.forEach(drawing::area);
        lines.forEach(drawing::line);
        dots.forEach(drawing::dot);
        details.forEach(drawing::band);
        drawing.add("</svg>\n");
        return drawing.out.toString();
    }

    private final class Drawing {
        private final StringBuilder out = new StringBuilder();
        private final int right;
        private final int bottom;

        Drawing(int width, int height) {
            right = width - RIGHT;
            bottom = height - BOTTOM;
        }

        private void add(String format, Object... values) {
            out.append(String.format(Locale.ROOT, format, values));
        }

        private double across(double value) {
            return LEFT + x.share(value) * (right - LEFT);
        }

        private double up(double value) {
            return bottom - y.share(value) * (bottom - TOP);
        }

        void axes() {
            for (Axis.Tick tick : y.ticks()) {
                double at = up(tick.value());
                add("<path class=\"grid\" d=\"M%d %.1fH%d\"/>", LEFT, at, right);
                add("<text class=\"y\" x=\"%d\" y=\"%.1f\">%s</text>\n", LEFT - 8, at + 4, tick.label());
            }
            double labelled = -ROOM_PER_LABEL;
            for (Axis.Tick tick : x.ticks()) {
                double at = across(tick.value());
                boolean isLast = right - at < ROOM_PER_LABEL / 4.0;
                add("<path class=\"grid\" d=\"M%.1f %dV%d\"/>", at, TOP, bottom);
                if (at - labelled >= ROOM_PER_LABEL * (isLast ? 1.1 : 0.75)) {
                    labelled = at;
                    add(
                            "<text class=\"x%s\" x=\"%.1f\" y=\"%d\">%s</text>\n",
                            isLast ? " last" : "", at, bottom + 18, tick.label());
                }
            }
        }

        void band(Band band) {
            double from = across(band.from());
            double width = Math.max(LEAST_BAND, across(band.to()) - from);
            add(
                    "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\">",
                    band.style(), from, TOP, width, bottom - TOP);
            add("<title>%s</title></rect>\n", Html.escape(band.title()));
        }

        void cell(Cell cell) {
            double from = across(cell.fromX());
            double top = up(cell.toY());
            add(
                    "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                    cell.style(), from, top, across(cell.toX()) - from, up(cell.fromY()) - top);
        }

        void line(Line line) {
            add("<path class=\"line %s\" d=\"", line.style());
            boolean begun = false;
            for (Point point : line.points()) {
                boolean visible = !Double.isNaN(point.y());
                if (visible) {
                    add("%s%.1f %.1f", begun ? "L" : "M", across(point.x()), up(point.y()));
                }
                begun = visible;
            }
            add("\"/>\n");
        }

        void area(Line line) {
            List<Point> points =
                    line.points().stream().filter(p -> !Double.isNaN(p.y())).toList();
            if (points.isEmpty()) {
                return;
            }
            add(
                    "<path class=\"area %s\" d=\"M%.1f %d",
                    line.style(), across(points.get(0).x()), bottom);
            points.forEach(point -> add("L%.1f %.1f", across(point.x()), up(point.y())));
            add("V%dZ\"/>\n", bottom);
        }

        void dot(Dot dot) {
            double dotX = across(dot.point().x());
            double dotY = up(dot.point().y());
            add("<circle class=\"dot %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\">", dot.style(), dotX, dotY);
            add("<title>%s</title></circle>\n", Html.escape(dot.title()));
        }
    }
}
