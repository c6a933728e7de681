package org.reactorserver.session;

import java.util.ArrayDeque;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.reactorserver.crossing.Message;

/**
 * The requests of one session whose replies come later: these leave in the order of the requests. The thread that
 * completes the first one delivers its reply, and those behind it that are there already.
 */
final class Answers {
    /** Whose requests these are. All on the thread that delivers, one call at a time. */
    interface Asker {
        /** A request waits for its reply. */
        void onAsked();

        /** The reply to the next request is there; null if it has none. */
        void onAnswer(Object reply);

        /** The next request has failed. */
        void onFailed(Object message, Throwable cause);

        /** A reply is there and waits for others, which takes memory. */
        void onHeldBack();

        /** A request has been dealt with. */
        void onAnswered();
    }

    /** One that waits. Guarded by the whole. */
    private static final class Request {
        private final Object message;
        private Object reply; // null if there is none
        private Throwable failure; // null unless it has failed
        private boolean isDone;

        Request(Object message) {
            this.message = message;
        }

        private long weight() {
            return Message.weight(message) + (reply == null ? 0 : Message.weight(reply));
        }
    }

    private final Asker asker;
    private final ArrayDeque<Request> requests = new ArrayDeque<>(); // guarded by this, like the next one
    private boolean delivering;
    private volatile long weight; // written under the lock

    Answers(Asker asker) {
        this.asker = asker;
    }

    /** Any thread: what the messages weigh that wait for their replies, and the replies that wait for others. */
    long weight() {
        return weight;
    }

    /** Worker: whether a reply may leave at once, since none before it is missing. */
    synchronized boolean isIdle() {
        return requests.isEmpty() && !delivering;
    }

    /** Worker: a message is going to be answered by this. */
    void await(Object message, CompletionStage<?> reply) {
        Request request = add(message);
        try {
            reply.whenComplete((value, failure) -> complete(request, value, failure));
        } catch (RuntimeException | Error e) { // it is not one of the JDK's
            complete(request, null, e);
        }
    }

    /** Worker: a message has failed while others before it are not answered yet. */
    void fail(Object message, Throwable cause) {
        complete(add(message), null, cause);
    }

    private Request add(Object message) {
        asker.onAsked();
        Request request = new Request(message);
        synchronized (this) {
            requests.add(request);
            weight += request.weight();
        }
        return request;
    }

    /** Any thread. */
    private void complete(Request request, Object reply, Throwable failure) {
        synchronized (this) {
            if (request.isDone) {
                return;
            }
            weight -= request.weight();
            request.isDone = true;
            request.failure = causeOf(failure);
            request.reply = reply;
            weight += request.weight();
            if (delivering) {
                return; // the delivering thread will come to it
            }
            delivering = true;
        }
        Request next = next();
        if (next == null) {
            asker.onHeldBack();
        }
        for (; next != null; next = next()) {
            deliver(next);
        }
    }

    /** What a stage has failed by. */
    static Throwable causeOf(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** The first one, if it is done; if not, the thread that completes it delivers. */
    private synchronized Request next() {
        Request first = requests.peek();
        delivering = first != null && first.isDone;
        return delivering ? requests.poll() : null;
    }

    private void deliver(Request request) {
        try {
            if (request.failure != null) {
                asker.onFailed(request.message, request.failure);
            } else {
                asker.onAnswer(request.reply);
            }
        } catch (Throwable e) { // a reply that cannot be sent
            asker.onFailed(request.message, e);
        } finally {
            synchronized (this) {
                weight -= request.weight();
            }
            asker.onAnswered();
        }
    }
}
