package org.reactorserver.cli;

import java.net.InetSocketAddress;
import org.reactorserver.CloseReason;
import org.reactorserver.ServerObserver;
import org.reactorserver.Session;
import org.reactorserver.text.Addresses;
import org.reactorserver.text.Printable;

/** What goes on, as the tutorial's server shows it: who comes, what is said, who leaves. */
final class Transcript implements ServerObserver {
    private final LinePrinter printer;

    Transcript(LinePrinter printer) {
        this.printer = printer;
    }

    @Override
    public void connected(Session session) {
        printer.print(() -> "+ " + session + " connected");
    }

    @Override
    public void refused(InetSocketAddress peer, CloseReason reason) {
        printer.print(() -> "! " + Addresses.text(peer) + " turned away: " + reason);
    }

    @Override
    public void received(Session session, String message) {
        printer.print(() -> "< " + session + " " + Printable.escape(message));
    }

    @Override
    public void closed(Session session, CloseReason reason) {
        printer.print(() -> "- " + session + " closed: " + reason);
    }
}
