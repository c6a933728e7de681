package org.reactorserver.flight;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import jdk.jfr.Registered;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.reactorserver.CloseReason;
import org.reactorserver.PauseReason;
import org.reactorserver.ServerObserver;
import org.reactorserver.Session;
import org.reactorserver.text.Addresses;

/**
 * What happens, as events of the JDK's Flight Recorder: connections and their ends, messages handled, pauses, and
 * passes that took long. They are registered, and the server is watched for them, when the first recording starts:
 * until then they cost nothing. As any observer: any thread.
 */
final class FlightEvents implements ServerObserver {
    /** Records passes from here on. */
    private static final long LONG_PASS_NANOS = 10_000_000;

    private static final String CATEGORY = "reactor-server";

    private static final List<Class<? extends Event>> ALL =
            List.of(Connected.class, Closed.class, Handled.class, Pass.class, Paused.class, Blocked.class);

    FlightEvents() {}

    /** Gives the server what is to watch it, when the first recording starts. */
    static void await(Consumer<ServerObserver> server) {
        FlightRecorder.addListener(new Starts(server));
    }

    /** Sees recordings start; also one that runs already. */
    private static final class Starts implements FlightRecorderListener {
        private final Consumer<ServerObserver> server;
        private final AtomicBoolean begun = new AtomicBoolean();

        Starts(Consumer<ServerObserver> server) {
            this.server = server;
        }

        @Override
        public void recorderInitialized(FlightRecorder recorder) {
            recorder.getRecordings().forEach(this::recordingStateChanged);
        }

        @Override
        public void recordingStateChanged(Recording recording) {
            if (recording.getState() == RecordingState.RUNNING && begun.compareAndSet(false, true)) {
                ALL.forEach(FlightRecorder::register);
                server.accept(new FlightEvents());
            }
        }
    }

    @Override
    public void connected(Session session) {
        Connected event = new Connected();
        if (event.isEnabled()) {
            event.session = session.id();
            event.address = Addresses.text(session.remoteAddress());
            event.commit();
        }
    }

    @Override
    public void closed(Session session, CloseReason reason) {
        Closed event = new Closed();
        if (event.isEnabled()) {
            event.session = session.id();
            event.reason = reason.toString();
            event.commit();
        }
    }

    @Override
    public void handled(Session session, long nanos) {
        Handled event = new Handled();
        if (event.isEnabled()) {
            event.session = session.id();
            event.took = nanos;
            event.commit();
        }
    }

    @Override
    public void passEnded(long nanos) {
        if (nanos < LONG_PASS_NANOS) {
            return;
        }
        Pass event = new Pass();
        if (event.isEnabled()) {
            event.took = nanos;
            event.commit();
        }
    }

    @Override
    public void writeBlocked(Session session, long waiting) {
        Blocked event = new Blocked();
        if (event.isEnabled()) {
            event.session = session.id();
            event.waiting = waiting;
            event.commit();
        }
    }

    @Override
    public void interestChanged(Session session, int ops, PauseReason pause) {
        Paused event = new Paused();
        if (pause != null && event.isEnabled()) {
            event.session = session.id();
            event.reason = pause.toString();
            event.commit();
        }
    }

    /** Of a session. */
    @Category(CATEGORY)
    @Registered(false)
    @StackTrace(false)
    abstract static class OfSession extends Event {
        @Label("Session")
        long session;
    }

    @Name("org.reactorserver.Connected")
    @Label("Connected")
    @Description("A connection was admitted")
    static final class Connected extends OfSession {
        @Label("Address")
        String address;
    }

    @Name("org.reactorserver.Closed")
    @Label("Closed")
    @Description("A connection is closed")
    static final class Closed extends OfSession {
        @Label("Reason")
        String reason;
    }

    @Name("org.reactorserver.Handled")
    @Label("Message Handled")
    @Description("The handler has handled a message")
    static final class Handled extends OfSession {
        @Label("Handler Time")
        @Timespan(Timespan.NANOSECONDS)
        long took;
    }

    @Name("org.reactorserver.Paused")
    @Label("Reading Paused")
    @Description("A session is not read for a while")
    static final class Paused extends OfSession {
        @Label("Reason")
        String reason;
    }

    @Name("org.reactorserver.Blocked")
    @Label("Write Blocked")
    @Description("A peer has not taken all of its replies")
    static final class Blocked extends OfSession {
        @Label("Replies Waiting")
        @DataAmount
        long waiting;
    }

    @Name("org.reactorserver.Pass")
    @Label("Long Pass")
    @Description("A pass of the selector thread took 10 ms or more")
    @Category(CATEGORY)
    @Registered(false)
    @StackTrace(false)
    static final class Pass extends Event {
        @Label("Time")
        @Timespan(Timespan.NANOSECONDS)
        long took;
    }
}
