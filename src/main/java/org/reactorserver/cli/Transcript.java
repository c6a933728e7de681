package org.reactorserver.cli;

import java.net.SocketAddress;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.function.Supplier;
import org.reactorserver.CloseReason;
import org.reactorserver.ServerObserver;
import org.reactorserver.Session;
import org.reactorserver.text.Addresses;
import org.reactorserver.text.Printable;

/** What happens, as the tutorial's server shows it: connects, messages, disconnects. */
final class Transcript implements ServerObserver {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS ");

    private final LinePrinter printer;
    private final boolean stamped;

    /**
     * Prints there.
     *
     * @param stamped whether each line begins with when that was
     */
    Transcript(LinePrinter printer, boolean stamped) {
        this.printer = printer;
        this.stamped = stamped;
    }

    LinePrinter printer() {
        return printer;
    }

    private void print(String of, Supplier<String> line) {
        if (stamped) {
            LocalDateTime now = LocalDateTime.now();
            printer.print(of, () -> TIME.format(now) + line.get());
        } else {
            printer.print(of, line);
        }
    }

    /** Of the session only these: a line that waits must not keep all of a session that is gone. */
    private static String name(long id, SocketAddress peer) {
        return id + " " + Addresses.text(peer);
    }

    @Override
    public void connected(Session session) {
        long id = session.id();
        SocketAddress peer = session.remoteAddress();
        print("", () -> "+ " + name(id, peer) + " connected");
    }

    @Override
    public void refused(SocketAddress peer, CloseReason reason) {
        print("", () -> "! " + Addresses.text(peer) + " turned away: " + reason);
    }

    @Override
    public void received(Session session, String message) {
        long id = session.id();
        SocketAddress peer = session.remoteAddress();
        print(message, () -> "< " + name(id, peer) + " " + Printable.escape(message));
    }

    @Override
    public void closed(Session session, CloseReason reason) {
        long id = session.id();
        SocketAddress peer = session.remoteAddress();
        String why = session.closedFor();
        String text = why == null ? "" : ": " + Printable.escape(why);
        print("", () -> "- " + name(id, peer) + " closed: " + reason + text);
    }
}
