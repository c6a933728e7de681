package org.reactorserver.session;

import static org.reactorserver.text.Log.LOG;

import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.reactorserver.CloseReason;
import org.reactorserver.Session;
import org.reactorserver.crossing.Job;
import org.reactorserver.crossing.Lane;
import org.reactorserver.crossing.Message;

/**
 * A session as its worker and the application have it; its connection is the loop's side of it.
 * Between the two stand the lane and the outbox, and a letter that tells the loop to look at them.
 */
public final class ServedSession extends Sending implements Handling.Asked, Answers.Asker, Job {
    /** After so long with one session a worker turns to the next one. */
    private static final long NANOS_PER_TURN = 300_000;

    /** To look at the clock takes a tenth of what a quick message takes: then it is not done after each one. */
    private static final long QUICK_NANOS = NANOS_PER_TURN / 16;

    private static final int QUICK_ONES_AT_ONCE = 3;

    private volatile Answers answers; // null until a request of it is answered late
    private long readySince; // when the pass began that gave it to the workers; owned by the lane's holder

    public ServedSession(Shared shared, Carrier carrier, SocketAddress peer) {
        super(shared, carrier, peer);
    }

    /** Loop: it is given to the workers, in the pass that began at this time. */
    public void readySince(long began) {
        readySince = began;
    }

    // ---- the worker

    /**
     * Worker: handles what waits in the lane, in order, up to a budget, and tells the loop. Once everything
     * is cut off the lane is not scheduled again, so then the worker goes on until it is empty.
     */
    @Override
    public long run(long began) {
        shared.observer.taken(this);
        long now = began;
        do {
            now = handleSome(now);
        } while (shared.cutOff && lane.schedule());
        return now;
    }

    /** The lane is released before the loop is notified, so that the loop finds it released. */
    private long handleSome(long began) {
        worker = Thread.currentThread();
        long now = began;
        int handled = 0;
        int weight = 0;
        int unclocked = 0; // handled since the clock was looked at
        boolean isQuick = false;
        try {
            while (shared.cutOff || (handled < shared.settings.messagesPerTurn && now - began < NANOS_PER_TURN)) {
                Lane.Event event = lane.pollUrgent();
                boolean mayHandle = event == null && (shared.cutOff || mayHandle());
                Object message = mayHandle ? lane.poll() : null;
                if (message == null) {
                    event = mayHandle ? lane.pollEvent() : event;
                    if (event == null) {
                        break;
                    }
                    handle(event);
                    now = shared.clock.getAsLong();
                    continue;
                }
                weight += Message.weight(message);
                if (lane.isAbandoned() || shared.cutOff) {
                    shared.counters.messagesDropped.increment();
                } else {
                    handled++;
                    handle(message);
                    if (isQuick && unclocked < QUICK_ONES_AT_ONCE && !shared.observer.isWatched()) {
                        unclocked++;
                        continue;
                    }
                    long end = shared.clock.getAsLong();
                    shared.observer.handled(this, end - now);
                    isQuick = end - now < QUICK_NANOS;
                    unclocked = 0;
                    now = end;
                }
            }
            now = unclocked == 0 ? now : shared.clock.getAsLong();
            shared.observer.released(this, handled, now - readySince);
        } finally { // also without the memory to report a failure of the handler's
            worker = null;
            lane.release(weight);
            tellLoop();
        }
        return now;
    }

    /** Any thread: whether its messages are to be handled now, as far as it is up to the replies to those before. */
    public boolean mayHandle() {
        return lane.isAbandoned() // then they are only skipped
                || (!isOverHighWater() && (!isHeldBack() || outbox.isShut()));
    }

    /** Any thread: what has been sent is to leave, though the worker is not through. */
    @Override
    public void flush() {
        if (!outbox.isEmpty()) {
            tellLoop();
        }
    }

    private void handle(Object message) {
        shared.counters.messagesHandled.increment();
        Thread.interrupted(); // what an earlier call left behind
        try {
            if (shared.settings.around == null) {
                shared.settings.handling.handle(this, message);
            } else {
                shared.settings.around.around(this, () -> shared.settings.handling.handle(this, message));
            }
        } catch (Throwable e) { // an Error of the handler's is no reason to lose the worker
            if (answers == null || answers.isIdle()) {
                onHandlerFailure(message, e);
            } else {
                answers.fail(message, e); // behind the replies to those before
            }
        }
    }

    private void handle(Lane.Event event) {
        Thread.interrupted(); // likewise
        try {
            if (shared.settings.around == null) {
                event.happen();
            } else {
                shared.settings.around.around(this, event::happen);
            }
        } catch (Throwable e) {
            onHandlerFailure(null, e);
        }
    }

    /** The session's end comes first: if there is no memory left, the rest fails too. */
    private void onHandlerFailure(Object message, Throwable cause) {
        boolean isOurs =
                (lane.isAbandoned() || shared.cutOff) && cause instanceof InterruptedException; // the end of the drain
        request(CloseReason.HANDLER_FAILED);
        if (isOurs) {
            sendError(CloseReason.HANDLER_FAILED, CloseReason.HANDLER_FAILED.toString());
        } else {
            tellFailure(message, cause);
        }
    }

    private void tellFailure(Object message, Throwable cause) {
        Object last = null;
        try {
            last = shared.settings.handling.handler.onError(this, message, cause);
        } catch (Throwable e) {
            logFailure("onError", e);
        }
        if (last == null || !sendLast(last)) {
            sendError(CloseReason.HANDLER_FAILED, CloseReason.HANDLER_FAILED.toString());
        }
        logFailure("the handler", cause);
    }

    /** Loop: it is closed. Its groups and its handler are called after its last message. */
    public void onClosed(CloseReason reason, boolean isServed) {
        shared.groups.everyone.removeClosed(this);
        forgetReminders();
        boolean isTold = isServed && shared.settings.handling.handlesClose;
        if (isTold || groups() != null) {
            lane.end(() -> {
                shared.groups.leaveAll(this);
                if (isTold) {
                    shared.settings.handling.handler.onClose(this, reason);
                }
            });
        }
    }

    /** Loop: it is idle. Returns whether the handler decides what to do; false if it does not override that. */
    public boolean askIfIdle() {
        return shared.settings.handling.handlesIdle && ask(shared.settings.handling.handler::onIdle);
    }

    /** Loop: the client begins no message. Returns as {@link #askIfIdle} does. */
    public boolean askIfReadIdle() {
        return shared.settings.handling.handlesReadIdle && ask(shared.settings.handling.handler::onReadIdle);
    }

    /** Loop: the client was sent nothing for so long; the handler is told. */
    public void onWriteIdle() {
        ask(session -> {
            shared.settings.handling.handler.onWriteIdle(session);
            return true;
        });
    }

    @FunctionalInterface
    private interface Question {
        boolean goesOn(Session session) throws Exception;
    }

    private boolean ask(Question question) {
        lane.hurry(() -> {
            if (isOpen() && !question.goesOn(this)) {
                request(CloseReason.IDLE_TIMEOUT);
            }
        });
        return true;
    }

    // ---- late replies

    @Override
    public void answer(Object message, CompletionStage<?> reply) {
        if (reply == null) {
            return;
        }
        boolean isNext = answers == null || answers.isIdle();
        if (isNext && reply instanceof CompletableFuture<?> future && future.isDone()) {
            try {
                onAnswer(future.join());
            } catch (CompletionException e) {
                onHandlerFailure(message, Answers.causeOf(e));
            }
            return;
        }
        if (answers == null) {
            answers = new Answers(this);
        }
        answers.await(message, reply);
    }

    /** Told to the handler on a worker, in its order; until then the session is held. */
    @Override
    public void onFailed(Object message, Throwable cause) {
        if (!request(CloseReason.HANDLER_FAILED)) {
            LOG.debug("session {} has ended, and a late reply has failed", this, cause);
            return;
        }
        onAsked();
        lane.hurry(() -> {
            try {
                if (!outbox.isShut()) { // else the handler may have been told the end
                    tellFailure(message, cause);
                }
            } finally {
                onAnswered();
            }
        });
        tellLoop();
    }

    @Override
    public void onHeldBack() {
        tellLoop(); // so that it is counted
    }

    /** Loop: what those weigh that are not answered yet. */
    public long unansweredWeight() {
        Answers late = answers;
        return late == null ? 0 : late.weight();
    }
}
