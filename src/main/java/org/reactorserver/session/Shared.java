package org.reactorserver.session;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.reactorserver.crossing.Workers;
import org.reactorserver.framing.Decoder;
import org.reactorserver.guest.GuardedObserver;
import org.reactorserver.limit.Budget;
import org.reactorserver.limit.Lost;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.text.RateLimit;

/** What the connections of a server have in common. Loop only, but for what says otherwise. */
public final class Shared {
    public static final ByteBuffer NO_INPUT = ByteBuffer.allocate(0);

    /** How far the shutdown has come. */
    public enum Phase {
        /** Not begun. */
        SERVING,
        /** No new connections; a session ends as soon as it is between two messages and nothing has arrived. */
        LAST_CALL,
        /** A session ends as soon as nothing has arrived. */
        CLOSING;

        /** Whether a session is to end as soon as what has arrived is taken in. */
        public boolean wantsEndOf(boolean hasSpoken, boolean isBetweenMessages) {
            return switch (this) {
                case SERVING -> false;
                case LAST_CALL -> hasSpoken && isBetweenMessages;
                case CLOSING -> true;
            };
        }
    }

    public final Settings settings;
    public final GuardedObserver observer; // any thread; cannot fail
    public final LongSupplier clock; // any thread
    public final EventLoop loop;
    public final Workers workers;
    public final Admission admission;
    public final Counters counters = new Counters(); // any thread, but for those of the loop
    public final RateLimit warnings; // of what clients can cause; any thread
    public final Decoder<Object> decoder;
    public final List<Object> decoded = new ArrayList<>(); // one session's messages on their way to its lane
    public final Budget requests; // what is not decoded
    public final Budget messages; // what is not handled; the allowance for any thread
    public final Budget replies; // what is not written; the allowance for any thread
    public final Lost lost;
    public final Groups groups; // any thread
    public final AtomicInteger held = new AtomicInteger(); // any thread: requests that will be answered later

    public Phase phase = Phase.SERVING;
    public volatile boolean cutOff; // any thread: no more messages are to be handled
    public BooleanSupplier isObserved = () -> false; // whether the observer wants to be told anything
    public Runnable onGone = () -> {}; // a connection is closed, or gone

    public int open; // connections that are not closed
    public int live; // connections that are not GONE
    public int turnedAway; // of these

    public Shared(Settings settings, GuardedObserver observer, EventLoop loop, Workers workers, Remedies remedies) {
        this.settings = settings;
        this.observer = observer;
        this.clock = settings.clock;
        this.loop = loop;
        this.workers = workers;
        this.admission = new Admission(settings, loop.timers(), counters, loop.now());
        this.warnings = new RateLimit(10, clock);
        this.decoder =
                new Decoder<>(settings.framing, settings.maxMessage, settings.handling.codec, EventLoop.BUFFER_SIZE);
        this.requests =
                new Budget(settings.requestMemory, loop, remedies.recount(), remedies.requests(), remedies.relieved());
        this.messages =
                new Budget(settings.messageMemory, loop, remedies.recount(), remedies.messages(), remedies.relieved());
        this.replies =
                new Budget(settings.replyMemory, loop, remedies.recount(), remedies.replies(), remedies.relieved());
        this.lost = new Lost(settings.messageMemory, settings.clientKey);
        this.groups = new Groups(loop, settings::payload);
    }

    /**
     * What is done when a budget does not suffice.
     *
     * @param recount has all connections say what they hold now
     * @param relieved has connections that paused go on
     */
    public record Remedies(
            Runnable recount,
            BooleanSupplier requests,
            BooleanSupplier messages,
            BooleanSupplier replies,
            Runnable relieved) {}

    /** A connection has come. */
    public void came() {
        open++;
        live++;
    }

    /** A connection is closed. */
    public void closed() {
        open--;
        onGone.run();
    }

    /** A closed connection is gone: its handler has been told. */
    public void gone(boolean wasTurnedAway) {
        live--;
        if (wasTurnedAway) {
            turnedAway--;
        }
        onGone.run();
    }
}
