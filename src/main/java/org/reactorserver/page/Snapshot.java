package org.reactorserver.page;

import java.util.List;
import org.reactorserver.PauseReason;
import org.reactorserver.SessionState;
import org.reactorserver.text.JsonText;

/**
 * Who is there at one time, and what the loop does. Immutable.
 *
 * @param pass in which pass that was
 * @param at the step of the pass, or that the loop sleeps; null before the first
 * @param sessions the first of them, by number
 * @param of how many there are
 */
record Snapshot(long pass, What at, List<Who> sessions, int of) {

    /** A session: what the selector is asked for, and why it is not read, or null. */
    record Who(long id, String address, SessionState state, int ops, PauseReason pause) {}

    void append(StringBuilder out) {
        out.append("{\"pass\":").append(pass).append(",\"of\":").append(of);
        if (at != null) {
            out.append(",\"at\":\"").append(at.key()).append('"');
        }
        out.append(",\"sessions\":[");
        String before = "";
        for (Who who : sessions) {
            out.append(before).append("{\"session\":").append(who.id).append(",\"address\":");
            JsonText.append(out, who.address);
            out.append(",\"state\":\"")
                    .append(who.state.name())
                    .append("\",\"ops\":")
                    .append(who.ops);
            if (who.pause != null) {
                out.append(",\"pause\":\"").append(who.pause.name()).append('"');
            }
            out.append('}');
            before = ",";
        }
        out.append("]}");
    }
}
