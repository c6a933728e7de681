package org.reactorserver.engine;

import java.io.IOException;
import org.reactorserver.CloseReason;
import org.reactorserver.SessionState;
import org.reactorserver.loop.Timers;

/**
 * A connection's timer, for the earliest of its deadlines, and what happens when one has passed: before the
 * session is ended its socket is checked, since the server may have been late, or not running at all. Loop only.
 */
final class Alarm extends Timers.Timer {
    /** At the end of lingering so much is discarded at most. */
    private static final int LAST_READS = 16;

    private final Parts of;

    Alarm(Parts of) {
        this.of = of;
    }

    /**
     * Sets it for the earliest deadline. One that is set for an earlier time stays: when it fires it looks again. So
     * a busy session never moves it.
     *
     * @param alarm the connection's; null if it has none
     * @return the connection's from here on
     */
    static Alarm arm(Alarm alarm, Parts of) {
        long left = Deadline.leastLeft(of, of.shared.settings, of.now());
        if (left == Deadline.NEVER) {
            return alarm;
        }
        Alarm armed = alarm == null ? new Alarm(of) : alarm;
        long at = of.now() + left;
        if (!armed.isArmed() || at - armed.deadline() < 0) {
            of.shared.loop.timers().arm(armed, at);
        }
        return armed;
    }

    @Override
    protected long number() {
        return of.number();
    }

    @Override
    protected void onTimer() {
        try {
            Deadline passed = Deadline.passed(of, of.shared.settings, of.now());
            if (passed != null) {
                of.shared.observer.deadlinePassed(of.session, passed.toString());
                onPassed(passed);
            }
        } catch (IOException | RuntimeException e) {
            of.onFailure(e);
        }
        of.touch();
    }

    private void onPassed(Deadline deadline) throws IOException {
        switch (deadline) {
            case ARRIVAL -> {
                of.read();
                if (of.life.is(SessionState.ARRIVING)) {
                    of.onFailure(of.tooLate());
                }
            }
            case LINGER -> endLingering();
            case WRITE -> writeUnasked();
            case BYTES -> {
                if (!readUnasked() && of.isIncomplete() && of.shared.settings.messageNanos > 0) {
                    of.refuse(CloseReason.MESSAGE_TIMEOUT, "the rest of the message did not arrive in time");
                }
            }
            case PACE -> {} // settling decodes them
            case READ_IDLE -> {
                if (!readUnasked() && !of.session.askIfReadIdle()) {
                    of.life.end(CloseReason.IDLE_TIMEOUT);
                }
            }
            case WRITE_IDLE -> {
                of.output.restart(of.now());
                of.session.onWriteIdle();
            }
            case IDLE -> {
                if (!readUnasked() && !of.session.askIfIdle()) {
                    of.life.end(CloseReason.IDLE_TIMEOUT);
                }
            }
        }
    }

    /**
     * Reads what the selector has not reported. If it has not proved to watch this connection, the kernel may
     * have refused to, see {@link org.reactorserver.loop.Watched}; it is asked first, for it may be the loop that has
     * had no time to.
     *
     * @return whether there was, or is, something to read
     */
    private boolean readUnasked() throws IOException {
        boolean isUnproven = of.isInputUnproven();
        if (isUnproven && of.isReadyNow()) {
            of.awaitSign();
            return true;
        }
        int begun = of.transport.begun();
        if (of.read() == 0) {
            of.awaitSign();
            return of.transport.begun() != begun || of.transport.isReadBlocked(); // something has just come
        }
        if (isUnproven && !of.life.isEnding() && of.isCaught()) {
            of.refuse(CloseReason.NOT_SELECTABLE, CloseReason.NOT_SELECTABLE.toString());
        }
        return true;
    }

    /**
     * It may be the loop that was late, and not the peer; or there is room, but too little for the kernel
     * to speak of it; or the kernel does not watch it.
     */
    private void writeUnasked() throws IOException {
        boolean isReady = of.isReadyNow();
        of.write();
        if (Deadline.WRITE.left(of, of.shared.settings, of.now()) <= 0) {
            if (of.shared.settings.writeNanos > 0) {
                of.abort(CloseReason.WRITE_TIMEOUT);
            } else {
                of.output.restart(of.now());
            }
        } else if (!of.isProven() && !isReady && !of.life.isClosed()) {
            of.watchAnew();
        }
    }

    /** What has come is read, since to close with unread input is a reset. */
    private void endLingering() throws IOException {
        int reads = 0;
        while (reads < LAST_READS && of.read() > 0) {
            reads++;
        }
        if (!of.life.isClosed()) {
            of.close();
        }
    }
}
