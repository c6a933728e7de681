package org.reactorserver.flight;

import java.util.function.Consumer;
import org.reactorserver.ServerObserver;

/** Recordings of the JDK's Flight Recorder, and how a server gets into them. Also where the JDK has no recorder. */
public final class FlightRecordings {
    private FlightRecordings() {}

    /**
     * Has recordings hold what happens at a server, from now on or from when they start: connections, messages handled,
     * pauses, long passes. Until one runs that costs nothing more, but this call loads the recorder's classes, which takes
     * some tenth of a second of CPU: it is to be made when nobody waits for that. Without the module {@code jdk.jfr} it
     * does nothing. Any thread.
     *
     * @param server is given what is to watch it, when the first recording starts: {@code server::observe}
     */
    public static void await(Consumer<ServerObserver> server) {
        try {
            FlightEvents.await(server);
        } catch (LinkageError | IllegalStateException e) {
            return; // there is no recorder, or it may not be used
        }
    }
}
