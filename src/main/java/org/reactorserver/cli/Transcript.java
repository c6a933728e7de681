package org.reactorserver.cli;

import java.net.SocketAddress;
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

    /** Of the session only these: a line that waits must not keep all of a session that is gone. */
    private static String name(long id, SocketAddress peer) {
        return id + " " + Addresses.text(peer);
    }

    @Override
    public void connected(Session session) {
        long id = session.id();
        SocketAddress peer = session.remoteAddress();
        printer.print(() -> "+ " + name(id, peer) + " connected");
    }

    @Override
    public void refused(SocketAddress peer, CloseReason reason) {
        printer.print(() -> "! " + Addresses.text(peer) + " turned away: " + reason);
    }

    @Override
    public void received(Session session, String message) {
        long id = session.id();
        SocketAddress peer = session.remoteAddress();
        printer.print(message, () -> "< " + name(id, peer) + " " + Printable.escape(message));
    }

    @Override
    public void closed(Session session, CloseReason reason) {
        long id = session.id();
        SocketAddress peer = session.remoteAddress();
        String why = session.closedFor();
        String text = why == null ? "" : ": " + Printable.escape(why);
        printer.print(() -> "- " + name(id, peer) + " closed: " + reason + text);
    }
}
