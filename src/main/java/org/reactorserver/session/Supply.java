package org.reactorserver.session;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * What one session is to send without having it yet: iterators, one after the other, drawn from on a worker as the peer
 * takes it. When there is no more room it waits, and the loop has it go on.
 */
final class Supply {
    /** Where it goes. */
    interface Sink {
        /** Any thread: whether anything can be sent still. */
        boolean isOpen();

        /** Any thread: whether more is to be drawn. */
        boolean hasRoom();

        /** Worker: sends a text or bytes. */
        void onDrawn(Object message);

        /** Any thread: from here on the session is held. */
        void onAsked();

        /** Any thread: from here on it is not. */
        void onAnswered();
    }

    private record Source(Iterator<?> messages, Runnable close, CompletableFuture<Boolean> done) {}

    /** After so long a worker turns to something else. */
    private static final long NANOS_PER_TURN = 300_000;

    private final Sink sink;
    private final ArrayDeque<Source> sources = new ArrayDeque<>(); // guarded by this
    private volatile boolean active; // whether there are any; written under the lock
    private volatile boolean waiting;

    Supply(Sink sink) {
        this.sink = sink;
    }

    /**
     * Any thread: adds a source; the caller has to have it drawn from.
     *
     * @param close when nothing more is drawn from it
     * @return completed on the worker, with whether all of it was sent
     */
    CompletionStage<Boolean> add(Iterator<?> messages, Runnable close) {
        Source source = new Source(messages, close, new CompletableFuture<>());
        sink.onAsked();
        synchronized (this) {
            sources.add(source);
            active = true;
        }
        return source.done.minimalCompletionStage();
    }

    /** Any thread: whether there is more to come. */
    boolean isActive() {
        return active;
    }

    /** Any thread: whether it waits for room. */
    boolean isWaiting() {
        return waiting;
    }

    /** Loop: there is room. Returns whether it has waited for that, so that it has to be drawn from. */
    boolean endWait() {
        boolean has = waiting;
        waiting = false;
        return has;
    }

    /**
     * Worker: sends as much as there is room and time for; ends everything if nothing can be sent any more.
     *
     * @return whether to draw again, when others have had their turn
     */
    boolean draw(LongSupplier clock) {
        try {
            return drawSome(clock);
        } catch (RuntimeException | Error e) {
            endAll(e);
            throw e;
        }
    }

    /** One has failed, and that is what is told. */
    private void endAll(Throwable cause) {
        for (Source each = first(); each != null; each = first()) {
            try {
                end(each, false);
            } catch (RuntimeException | Error e) {
                cause.addSuppressed(e);
            }
        }
    }

    private boolean drawSome(LongSupplier clock) {
        long began = clock.getAsLong();
        Source source;
        while ((source = first()) != null) {
            if (!sink.isOpen()) {
                end(source, false);
            } else if (!sink.hasRoom()) {
                waiting = true; // the loop checks when this turn is over
                return false;
            } else if (clock.getAsLong() - began >= NANOS_PER_TURN) {
                return true;
            } else {
                drawOne(source);
            }
        }
        return false;
    }

    private void drawOne(Source source) {
        try {
            if (source.messages.hasNext()) {
                sink.onDrawn(source.messages.next());
                return;
            }
        } catch (RuntimeException | Error e) {
            source.done.completeExceptionally(e);
            throw e;
        }
        end(source, true);
    }

    private synchronized Source first() {
        return sources.peek();
    }

    private void end(Source source, boolean isAllSent) {
        try {
            source.close.run();
        } finally {
            source.done.complete(isAllSent); // before the next message is handled
            synchronized (this) {
                sources.poll();
                active = !sources.isEmpty();
            }
            sink.onAnswered();
        }
    }
}
