package org.reactorserver;

import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;
import org.reactorserver.option.Figures;

/**
 * What comes with a server and is not needed for serving: metrics, an endpoint for operators, a page, or one of
 * your own. It is given to {@link ReactorServer.Builder#with}, begins and ends with that server, and may see everything
 * that happens.
 *
 * <p>In this order: {@link #clock}, {@link #attach}, {@link #started}, {@link #ended}; each once. What {@link #attach}
 * throws keeps the server from starting. What the last two throw has no effect but a line in the log.
 */
public interface Extension {
    /**
     * The server's clock, in nanoseconds: the one that the builder, or the extension before this one, has; or another.
     */
    default LongSupplier clock(LongSupplier clock) {
        return clock;
    }

    /**
     * The server is about to listen, and it is known what it will be like. On the thread that starts it.
     *
     * @param clock the server's, with which {@link System#nanoTime} is not to be mixed
     * @return what has to be told what happens: behind the builder's observers, in this order
     * @throws IOException if it cannot do its work, with what helps
     */
    List<ServerObserver> attach(Figures figures, LongSupplier clock) throws IOException;

    /**
     * The server listens, and is about to answer. On the thread that starts it, which waits for this, as clients do:
     * what takes long is to be done on another one, as after {@link Inspection#turns}.
     */
    default void started(Inspection server) {}

    /**
     * The server has ended, by a drain or an error; or it did not start after all, and {@link #started} was not called.
     * On a thread on which it may wait; who waits for the server's end waits for this too, for five seconds at most.
     */
    default void ended() {}
}
