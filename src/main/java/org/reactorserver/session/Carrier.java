package org.reactorserver.session;

import java.net.SocketAddress;
import org.reactorserver.loop.Watched;
import org.reactorserver.wire.TlsSession;

/** What carries a session, as the session sees it: a letter that has the loop look after it. */
public abstract class Carrier extends Watched {
    /** Any thread: the address of this machine that was connected to; null when it is closed. */
    public abstract SocketAddress localAddress();

    /** Any thread: what was agreed on by TLS; null if it is not TLS. */
    public abstract TlsSession tls();

    /** Loop: the lane or the outbox has changed. */
    @Override
    protected abstract void onDelivery();
}
