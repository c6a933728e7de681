package org.reactorserver.load.report;

import java.io.PrintStream;
import java.util.Locale;
import org.reactorserver.load.measure.Samples;
import org.reactorserver.load.measure.Slice;
import org.reactorserver.load.measure.SliceListener;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.text.Units;
import org.reactorserver.text.Terminal;

/** A line a second about a run: redrawn in place on a terminal, one below the other elsewhere. */
public final class Progress implements SliceListener {
    private static final String CLEAR_REST = "\033[K";
    private static final double SECOND = 0.999;
    private static final int NARROW = 80;

    private final LoadPlan plan;
    private final PrintStream out;
    private final boolean inPlace;
    private final int width;
    private final Slice second = new Slice();
    private long began;
    private long errors;

    /**
     * Prints to a stream.
     *
     * @param plan what the run is to do
     * @param inPlace whether each line takes the place of the one before
     * @param width how many columns there are then
     */
    public Progress(LoadPlan plan, PrintStream out, boolean inPlace, int width) {
        this.width = width;
        this.plan = plan;
        this.out = out;
        this.inPlace = inPlace;
    }

    /** How many columns a terminal has, as far as its environment tells. */
    public static int columns(String ofEnvironment) {
        boolean known = ofEnvironment != null && ofEnvironment.matches("[1-9]\\d{0,3}");
        return known ? Integer.parseInt(ofEnvironment) : NARROW;
    }

    /**
     * Whether standard error is a terminal that can clear a line; where that cannot be told, whether the console is.
     *
     * @param term the terminal's kind, from the environment
     */
    public static boolean isTerminal(String term) {
        return Terminal.isClever(term) && Terminal.of(Terminal.ERR).isPresent();
    }

    @Override
    public void onSlice(Slice slice) {
        if (began == 0) {
            began = slice.from;
            second.begin(slice.phase, slice.from);
        }
        second.phase = slice.phase;
        second.add(slice);
        errors += slice.errors;
        if (second.seconds() >= SECOND) {
            print(line());
            second.begin(slice.phase, slice.to);
        }
    }

    @Override
    public void onEnd() {
        if (inPlace) {
            out.print('\r' + CLEAR_REST);
            out.flush();
        }
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        line.append(String.format(Locale.ROOT, "%3d s  ", Math.round((second.to - began) / 1e9)));
        if (second.phase == Slice.Phase.CONNECTING) {
            line.append("connecting: ").append(Units.count(second.connections)).append(" of ");
            line.append(Units.count(plan.connections()));
        } else {
            line.append(rate("sent", second.sent)).append(rate("answered", second.answered));
            Samples samples = second.response.count() > 0
                    ? second.response
                    : second.service.count() > 0 ? second.service : second.warmUp;
            if (samples.count() > 0) {
                line.append("p50 ").append(Units.nanos(samples.quantile(0.5)));
                line.append("  p99 ")
                        .append(Units.nanos(samples.quantile(0.99)))
                        .append("  ");
            }
            line.append(Units.count(second.connections)).append(" conn");
        }
        line.append("  ").append(Units.plural(errors, "error"));
        if (second.phase != Slice.Phase.MEASURED && second.phase != Slice.Phase.CONNECTING) {
            line.append(second.phase == Slice.Phase.DRAIN ? "  draining" : "  warm-up");
        }
        return line.toString();
    }

    private String rate(String name, long count) {
        return name + " " + Units.perSecond(Math.round(count / second.seconds())) + "/s  ";
    }

    private void print(String line) {
        if (inPlace) {
            out.print('\r' + line.substring(0, Math.min(line.length(), width - 1)) + CLEAR_REST);
            out.flush();
        } else {
            out.println(line);
        }
    }
}
