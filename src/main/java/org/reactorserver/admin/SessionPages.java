package org.reactorserver.admin;

import java.util.Comparator;
import java.util.List;
import org.reactorserver.SessionFacts;
import org.reactorserver.text.Addresses;
import org.reactorserver.text.JsonText;

/** Sessions as JSON, page by page in the order of their numbers. Any thread. */
final class SessionPages {
    /** How many are on a page by itself. */
    static final int USUAL = 100;

    /** How many are on a page at most. */
    static final int MOST = 1_000;

    private static final double NANOS_PER_SECOND = 1e9;

    private SessionPages() {}

    /**
     * The sessions after this number; those that still arrive have none, and are not among them.
     *
     * @param most how many, at most
     */
    static String page(List<SessionFacts> all, long after, int most) {
        List<SessionFacts> left = all.stream()
                .filter(facts -> facts.session().id() > Math.max(0, after))
                .sorted(Comparator.comparingLong(facts -> facts.session().id()))
                .toList();
        List<SessionFacts> page = left.subList(0, Math.min(most, left.size()));
        StringBuilder out = new StringBuilder(64 + 256 * page.size());
        out.append("{\"sessions\": [");
        String before = "\n  ";
        for (SessionFacts facts : page) {
            out.append(before);
            append(out, facts);
            before = ",\n  ";
        }
        long last = page.isEmpty() ? after : page.get(page.size() - 1).session().id();
        out.append(page.isEmpty() ? "" : "\n").append("], \"of\": ").append(all.size());
        out.append(", \"next\": ")
                .append(page.size() < left.size() ? "\"/sessions?after=" + last + "&most=" + most + "\"" : "null");
        return out.append("}\n").toString();
    }

    private static void append(StringBuilder out, SessionFacts facts) {
        out.append("{\"id\": ").append(facts.session().id());
        text(out, "address", Addresses.text(facts.session().remoteAddress()));
        text(out, "state", facts.state().name());
        text(out, "paused", facts.pause() == null ? null : facts.pause().name());
        text(out, "ending", facts.ending() == null ? null : facts.ending().name());
        out.append(", \"quiet_seconds\": ").append(seconds(facts.sinceNanos()));
        out.append(", \"blocked_seconds\": ").append(seconds(facts.blockedNanos()));
        out.append(", \"request_bytes\": ").append(facts.requestBytes());
        out.append(", \"message_bytes\": ").append(facts.messageBytes());
        out.append(", \"reply_bytes\": ").append(facts.replyBytes());
        out.append(", \"held\": ").append(facts.held());
        out.append(", \"tls\": ").append(facts.session().tls() != null).append('}');
    }

    private static void text(StringBuilder out, String key, String value) {
        out.append(", \"").append(key).append("\": ");
        if (value == null) {
            out.append("null");
        } else {
            JsonText.append(out, value);
        }
    }

    private static double seconds(long nanos) {
        return Math.round(nanos / NANOS_PER_SECOND * 1e3) / 1e3;
    }
}
