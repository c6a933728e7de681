package org.reactorserver.admin;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.reactorserver.CloseReason;
import org.reactorserver.SessionFacts;
import org.reactorserver.metrics.Ends;
import org.reactorserver.option.Figures;
import org.reactorserver.text.Addresses;
import org.reactorserver.text.Plural;

/** Says why connections were turned away or ended, where that is nobody's wish, and which option decides it. */
final class Endings {
    private final Figures figures;

    Endings(Figures figures) {
        this.figures = figures;
    }

    /**
     * A sentence for each reason.
     *
     * @param ended the connections that have ended
     * @param sessions those that have not, of which some are about to
     */
    List<String> sentences(List<Ends.Ended> ended, List<SessionFacts> sessions) {
        List<String> sentences = new ArrayList<>();
        Map<CloseReason, List<SessionFacts>> ending = sessions.stream()
                .filter(each -> each.ending() != null)
                .collect(Collectors.groupingBy(
                        SessionFacts::ending, () -> new EnumMap<>(CloseReason.class), Collectors.toList()));
        ending.forEach((reason, all) -> add(
                sentences,
                Plural.of(all.size(), "connection") + (all.size() == 1 ? " is" : " are") + " being ended",
                reason,
                all.get(0).session().remoteAddress()));
        for (Ends.Ended each : ended) {
            String what = isTurnedAway(each.reason()) ? " could not come in" : " ended early";
            add(
                    sentences,
                    "in the last minute " + Plural.of(each.count(), "connection") + what,
                    each.reason(),
                    each.last());
        }
        return sentences;
    }

    private void add(List<String> sentences, String what, CloseReason reason, SocketAddress whose) {
        String remedy = remedy(reason);
        if (remedy != null) {
            String last = whose == null ? "" : "; one of them from " + Addresses.text(whose);
            sentences.add("%s: %s (%s)%s".formatted(what, reason, remedy, last));
        }
    }

    private static boolean isTurnedAway(CloseReason reason) {
        return switch (reason) {
            case NOT_TLS,
                    HANDSHAKE_FAILED,
                    PROXY_HEADER_REFUSED,
                    ARRIVAL_TIMEOUT,
                    ARRIVAL_OVERTAKEN,
                    ACCESS_DENIED,
                    CONNECT_RATE_EXCEEDED,
                    TOO_MANY_CONNECTIONS,
                    TOO_MANY_FROM_ADDRESS -> true;
            default -> false;
        };
    }

    /** What decides it; null for what happens every day, as a client that is gone. */
    private String remedy(CloseReason reason) {
        return switch (reason) {
            case NOT_TLS -> "the endpoint has ,tls in its --listen, the client does not speak it";
            case TLS_NOT_SPOKEN -> "the client speaks it, the endpoint has no ,tls in its --listen";
            case HANDSHAKE_FAILED -> "--tls-cert, --tls-client-ca; the log has the reason";
            case TLS_FAILED, HANDLER_FAILED, INTERNAL_ERROR -> "the log has the reason";
            case PROXY_HEADER_REFUSED -> "--proxy-trust, and ,proxy in --listen; the log has what came";
            case ARRIVAL_TIMEOUT -> "--handshake-timeout";
            case ARRIVAL_OVERTAKEN -> "%d may arrive at a time".formatted(Figures.MOST_ARRIVING);
            case ACCESS_DENIED -> "--allow, --deny";
            case CONNECT_RATE_EXCEEDED -> "--connect-rate-per-ip";
            case TOO_MANY_CONNECTIONS -> "--max-connections %d".formatted(figures.maxConnections);
            case TOO_MANY_FROM_ADDRESS -> "--max-connections-per-ip %d".formatted(figures.maxConnectionsPerIp);
            case INVALID_UTF8 -> "--charset, --invalid-utf8";
            case MESSAGE_TOO_LARGE -> "--max-message %d".formatted(figures.maxMessage);
            case NEGATIVE_LENGTH, MALFORMED_MESSAGE -> "--framing; the client speaks another one";
            case MESSAGE_TIMEOUT -> "--message-timeout";
            case WRITE_TIMEOUT -> "--write-timeout";
            case OUTBOX_FULL -> "--outbox-limit %d".formatted(figures.outboxLimit);
            case REPLY_MEMORY_EXHAUSTED -> "--reply-memory %d".formatted(figures.replyMemory);
            case REQUEST_MEMORY_EXHAUSTED -> "--request-memory %d".formatted(figures.requestMemory);
            case MESSAGE_MEMORY_EXHAUSTED -> "--message-memory %d".formatted(figures.messageMemory);
            case NOT_SELECTABLE -> "the kernel has no memory for it: fs.epoll.max_user_watches";
            default -> null;
        };
    }
}
