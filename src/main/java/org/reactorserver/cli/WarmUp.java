package org.reactorserver.cli;

import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import org.reactorserver.ReactorServer;
import org.reactorserver.framing.Framing;

/**
 * Loads what the server will need while the options are being parsed, which takes longer: half of the
 * time to the ready line is the loading of classes, and there is mostly a second processor. Whatever
 * fails here fails again, and is reported, where it matters.
 */
final class WarmUp extends Thread {
    WarmUp() {
        super("warm-up");
        setDaemon(true);
    }

    @Override
    public void run() {
        try {
            SelectorProvider provider = SelectorProvider.provider();
            provider.openServerSocketChannel().close();
            provider.openSelector().close();
            Signals.warmUp();
            ReactorServer.builder(Framing.chunks());
        } catch (IOException e) {
            return;
        }
    }
}
