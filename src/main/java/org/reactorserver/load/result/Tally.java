package org.reactorserver.load.result;

import org.reactorserver.load.measure.Slice;

/** What the slices of a run come to. Reporting thread only. */
public final class Tally {
    public final Slice all = new Slice(); // the whole run
    final Slice measured = new Slice(); // the measured span
    final TimeSeries series = new TimeSeries();

    public Tally() {
        all.begin(Slice.Phase.MEASURED, 0);
        measured.begin(Slice.Phase.MEASURED, 0);
    }

    /**
     * Adds the next slice.
     *
     * @param start the time from which the report counts, as far as it is known by now
     */
    public void add(Slice slice, long start) {
        all.add(slice);
        if (slice.phase != Slice.Phase.CONNECTING) {
            series.add(slice, start);
        }
        if (slice.phase == Slice.Phase.MEASURED) {
            measured.add(slice);
        }
    }
}
