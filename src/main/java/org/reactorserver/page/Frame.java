package org.reactorserver.page;

import java.util.List;

/** What has happened in a tenth of a second, as one line of JSON. Any thread. */
final class Frame {
    private static final int BYTES_PER_HAPPENING = 120;

    final long number;
    final Snapshot snapshot; // how it was before; null if the frame before ends with that
    final List<Happening> happenings;
    private final long missed;
    private final Brake.State brake; // null if there is none

    // guarded by this; null until it is asked for
    private String open;
    private String discreet;

    Frame(long number, Snapshot snapshot, List<Happening> happenings, long missed, Brake.State brake) {
        this.number = number;
        this.snapshot = snapshot;
        this.happenings = happenings;
        this.missed = missed;
        this.brake = brake;
    }

    /**
     * The line, without its end. Made once, however many ask for it.
     *
     * @param texts whether what clients said is told
     */
    synchronized String line(boolean texts) {
        if (texts) {
            return open = open == null ? made(true) : open;
        }
        return discreet = discreet == null ? made(false) : discreet;
    }

    private String made(boolean texts) {
        StringBuilder out = new StringBuilder(100 + BYTES_PER_HAPPENING * happenings.size());
        out.append("{\"frame\":").append(number);
        if (snapshot != null) {
            snapshot.append(out.append(",\"snapshot\":"));
        }
        if (missed > 0) {
            out.append(",\"missed\":").append(missed);
        }
        if (brake != null) {
            out.append(",\"brake\":{\"held\":").append(brake.at() != null);
            out.append(",\"stopped\":").append(brake.isStopped());
            out.append(",\"pace\":").append(brake.paceMillis()).append('}');
        }
        out.append(",\"happenings\":[");
        String before = "";
        for (Happening happening : happenings) {
            happening.append(out.append(before), texts);
            before = ",";
        }
        return out.append("]}").toString();
    }
}
