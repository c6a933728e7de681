package org.reactorserver.engine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.reactorserver.ServerObserver;
import org.reactorserver.framing.Decoder;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.text.RateLimit;

/** What the connections of a server have in common. Loop only, but for what says otherwise. */
final class Shared {
    static final ByteBuffer NO_INPUT = ByteBuffer.allocate(0);

    /** How far the shutdown has come. */
    enum Phase {
        /** Not begun. */
        SERVING,
        /** No new connections; a session ends as soon as it is between two messages. */
        LAST_CALL,
        /** Nothing more is read. */
        CLOSING;

        /** Whether a session is to read no more. */
        boolean wantsEndOf(boolean hasSpoken, boolean isBetweenMessages) {
            return switch (this) {
                case SERVING -> false;
                case LAST_CALL -> hasSpoken && isBetweenMessages;
                case CLOSING -> true;
            };
        }
    }

    final Settings settings;
    final ServerObserver observer;
    final LongSupplier clock; // any thread
    final EventLoop loop;
    final Counters counters = new Counters(); // any thread
    final RateLimit warnings; // of what clients can cause; any thread
    final Decoder decoder;
    final List<String> decoded = new ArrayList<>(); // one session's messages on their way to its lane

    Phase phase = Phase.SERVING;
    volatile boolean cutOff; // any thread: no more messages are to be handled

    int live; // connections that are not GONE
    int turnedAway; // of these
    private long stuckBytes;

    Shared(Settings settings, EventLoop loop) {
        this.settings = settings;
        this.observer = settings.observer;
        this.clock = settings.clock;
        this.loop = loop;
        this.warnings = new RateLimit(10, clock);
        this.decoder =
                new Decoder(settings.framing, settings.maxMessage, settings.replaceMalformed, EventLoop.BUFFER_SIZE);
    }

    /** A connection is gone: closed, and its handler has been told. */
    void gone(boolean wasTurnedAway) {
        live--;
        if (wasTurnedAway) {
            turnedAway--;
        }
        endIfDrained();
    }

    void endIfDrained() {
        if (phase != Phase.SERVING && live == 0) {
            loop.stop();
        }
    }

    /** Adds to the bytes that wait for slow peers. Returns whether they are within the budget. */
    boolean accountStuckBytes(long change) {
        if (change != 0) {
            stuckBytes += change;
            counters.replyBytesWaiting = stuckBytes;
        }
        return stuckBytes <= settings.replyMemory;
    }

    long stuckBytes() {
        return stuckBytes;
    }
}
