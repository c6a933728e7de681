package org.reactorserver.cli;

import java.util.ArrayList;
import java.util.List;
import org.reactorserver.option.Figures;
import org.reactorserver.option.Option;
import org.reactorserver.option.Options;
import org.reactorserver.wire.Endpoint;
import org.reactorserver.wire.Listen;

/** Options that were given and change nothing, since another one is missing that they are about. */
final class Ineffective {
    private final Figures figures;
    private final List<String> sentences = new ArrayList<>();

    private Ineffective(Figures figures) {
        this.figures = figures;
    }

    /** A sentence for each of them, in no order that matters. */
    static List<String> sentences(Figures figures) {
        Ineffective found = new Ineffective(figures);
        List<Listen> places = figures.toldListens;
        boolean isUnix = places.stream().anyMatch(each -> each.endpoint().kind() == Endpoint.Kind.UNIX);
        boolean isProxy = places.stream().anyMatch(Listen::proxy);
        boolean isLimited =
                figures.values.has(Options.MAX_CONNECTIONS_PER_IP) || figures.values.has(Options.CONNECT_RATE_PER_IP);
        boolean isInTurns = figures.values.has(Options.ACTIVE_SESSIONS);
        found.addUnless(
                isInTurns || figures.sessionGapNanos == 0,
                Options.SESSION_GAP,
                "--active-sessions: no session waits for a place");
        found.addUnless(isUnix, Options.SOCKET_MODE, "--listen unix:PATH: there is no file of a socket");
        found.addUnless(isProxy, Options.PROXY_TRUST, "--proxy-protocol require, or ,proxy behind a --listen");
        found.addUnless(
                isProxy || figures.toldTls != null,
                Options.HANDSHAKE_TIMEOUT,
                "TLS and PROXY headers: there is no handshake");
        found.addUnless(
                isLimited, Options.IP6_PREFIX, "--max-connections-per-ip or --connect-rate-per-ip: nothing is counted");
        return found.sentences;
    }

    private void addUnless(boolean isEffective, Option<?> option, String missing) {
        if (!isEffective && figures.values.has(option)) {
            sentences.add(option + " does nothing without " + missing);
        }
    }
}
