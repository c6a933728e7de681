package org.reactorserver.helper;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import org.reactorserver.wire.Bound;
import org.reactorserver.wire.Endpoint;
import org.reactorserver.wire.ListenException;
import org.reactorserver.wire.Listening;

/** Listens at the socket that it was started with, and says how that went. */
public final class InheritProbe {
    private InheritProbe() {}

    /** Says where it listens, and after the end of it that it can still be heard; or why not. */
    public static void main(String[] args) throws IOException {
        try {
            Bound bound = new Listening(1, true, false, 0).bind(SelectorProvider.provider(), Endpoint.inherit());
            SocketChannel waiting = bound.channel().accept();
            System.out.println(
                    "listening at " + bound + ", inherited: " + bound.isInherited() + ", found: " + (waiting != null));
            bound.close();
            bound.removeFile();
        } catch (ListenException e) {
            System.out.println(e.getMessage());
        }
        System.out.println("still heard");
    }
}
