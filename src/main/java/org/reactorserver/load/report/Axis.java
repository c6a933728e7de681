package org.reactorserver.load.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/** One axis of a {@link Chart}: where a value lies, and which values are written beside it. Immutable. */
final class Axis {
    private static final double[] STEPS = {1, 2, 5, 10};

    /** A value that is written at the axis. */
    record Tick(double value, String label) {}

    private final double from;
    private final double to;
    private final boolean logarithmic;
    private final List<Tick> ticks;

    private Axis(double from, double to, boolean logarithmic, List<Tick> ticks) {
        this.from = from;
        this.to = to;
        this.logarithmic = logarithmic;
        this.ticks = ticks;
    }

    /** An even axis with about so many round values. */
    static Axis linear(double from, double to, int wanted, DoubleFunction<String> label) {
        double step = step((to - from) / wanted);
        List<Tick> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) {
            ticks.add(new Tick(i * step, label.apply(i * step)));
        }
        return new Axis(from, to, false, ticks);
    }

    /** An even axis from zero to a round value at or above the greatest. */
    static Axis fromZero(double greatest, int wanted, DoubleFunction<String> label) {
        double step = step(Math.max(greatest, 1e-9) / wanted);
        return linear(0, Math.max(1, Math.ceil(greatest / step)) * step, wanted, label);
    }

    private static double step(double least) {
        double magnitude = Math.pow(10, Math.floor(Math.log10(least)));
        for (double step : STEPS) {
            if (step * magnitude >= least * (1 - 1e-9)) {
                return step * magnitude;
            }
        }
        return 10 * magnitude;
    }

    /** A logarithmic axis around two values above zero, with powers of ten, or more if they are few. */
    static Axis logarithmic(double least, double greatest, DoubleFunction<String> label) {
        double from = roundDown(least);
        double to = Math.max(-roundDown(-greatest), 2 * from);
        boolean few = to / from < 1e3;
        List<Tick> ticks = new ArrayList<>();
        double power = Math.pow(10, Math.floor(Math.log10(from)));
        for (; power <= to * 1.001; power *= 10) {
            for (double step : STEPS) {
                double value = step * power;
                boolean wanted = step == 1 || few && step < 10;
                if (wanted && value >= from * 0.999 && value <= to * 1.001) {
                    ticks.add(new Tick(value, label.apply(value)));
                }
            }
        }
        return new Axis(from, to, true, ticks);
    }

    /** To 1, 2 or 5 times a power of ten; a negative value away from zero. */
    private static double roundDown(double value) {
        double size = Math.abs(value);
        double power = Math.pow(10, Math.floor(Math.log10(size)));
        if (value > 0) {
            return size >= 5 * power ? 5 * power : size >= 2 * power ? 2 * power : power;
        }
        for (double step : STEPS) {
            if (step * power >= size * (1 - 1e-9)) {
                return -step * power;
            }
        }
        return value;
    }

    /** An even axis with these values. */
    static Axis with(double from, double to, List<Tick> ticks) {
        return new Axis(from, to, false, ticks);
    }

    /** Where a value lies, as a share of the axis from its beginning. */
    double share(double value) {
        double share = logarithmic ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
        return Math.max(0, Math.min(1, share));
    }

    List<Tick> ticks() {
        return ticks;
    }
}
