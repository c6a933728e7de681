package org.reactorserver.cli;

import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import org.reactorserver.ReactorServer;
import org.reactorserver.framing.Framing;
import org.slf4j.LoggerFactory;

/**
 * Loads what the server will need while the options are being parsed, which takes longer: half of the
 * time to the ready line is the loading of classes, and there is mostly a second processor. Whatever
 * fails here fails again, and is reported, where it matters.
 */
final class WarmUp extends Thread {
    private final boolean withLogging;

    /**
     * Makes the thread.
     *
     * @param withLogging whether the log level is settled already, so that a logger may be made
     */
    WarmUp(boolean withLogging) {
        super("warm-up");
        this.withLogging = withLogging;
        setDaemon(true);
    }

    @Override
    public void run() {
        try {
            SelectorProvider provider = SelectorProvider.provider();
            provider.openServerSocketChannel().close();
            provider.openSelector().close();
            ReactorServer.builder(Framing.chunks());
            if (withLogging) {
                LoggerFactory.getLogger(WarmUp.class);
            }
        } catch (IOException e) {
            return;
        }
    }
}
