package org.reactorserver.engine;

import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.reactorserver.CloseReason;
import org.reactorserver.SessionState;
import org.reactorserver.limit.Budget;
import org.reactorserver.session.Shared;

/** What is done when a budget is full: who of all connections is ended, and how it is told. Loop only. */
final class Relief {
    private final Supplier<Shared> shared; // which is made with the remedies

    Relief(Supplier<Shared> shared) {
        this.shared = shared;
    }

    Shared.Remedies remedies() {
        return new Shared.Remedies(
                () -> forEach(Connection::account),
                () -> endLargest(shared.get().requests, Relief::gainOfRequests, Relief::endForRequests),
                () -> endLargest(shared.get().messages, Relief::gainOfMessages, Relief::endForMessages),
                () -> endLargest(shared.get().replies, connection -> connection.replyCost, Relief::endForReplies),
                () -> forEach(Connection::touch));
    }

    private void forEach(Consumer<Connection> action) {
        Drain.forEachConnection(shared.get(), action);
    }

    /** Not if all that are left hold no more than they may: it is others then that hold too much, and were told. */
    private boolean endLargest(Budget budget, ToLongFunction<Connection> holding, Consumer<Connection> end) {
        Connection[] largest = new Connection[1];
        long[] most = {budget.share()};
        forEach(connection -> {
            long held = connection.life.isClosed() ? 0 : holding.applyAsLong(connection);
            if (held > most[0]) {
                most[0] = held;
                largest[0] = connection;
            }
        });
        if (largest[0] == null) {
            return false;
        }
        end.accept(largest[0]);
        largest[0].account();
        return true;
    }

    /** What there is to gain by {@link #endForRequests}; nothing for a second after it was told why it ends. */
    private static long gainOfRequests(Connection of) {
        boolean isJustTold = of.life.is(SessionState.OPEN) || of.now() - of.life.since() < Budget.PATIENCE_NANOS;
        return of.life.isSettled() && isJustTold ? 0 : of.requestCost;
    }

    /** It holds too much that is not decoded. */
    private static void endForRequests(Connection of) {
        if (of.life.isSettled()) {
            of.abort(
                    CloseReason
                            .REQUEST_MEMORY_EXHAUSTED); // it has got its error, and its transport still holds the most
        } else {
            of.refuse(CloseReason.REQUEST_MEMORY_EXHAUSTED, CloseReason.REQUEST_MEMORY_EXHAUSTED.toString());
        }
    }

    /** What it holds that waits to be handled, or answered; nothing if that was dropped already. */
    private static long gainOfMessages(Connection of) {
        return of.session.lane.isAbandoned() ? 0 : of.messageCost;
    }

    /** Too many messages of it wait. */
    private static void endForMessages(Connection of) {
        of.refuse(CloseReason.MESSAGE_MEMORY_EXHAUSTED, CloseReason.MESSAGE_MEMORY_EXHAUSTED.toString());
        of.session.abandon();
    }

    /** Too much waits for its peer to take it; if it is the loop that has not tried yet, that comes first. */
    private static void endForReplies(Connection of) {
        if (of.output.isBlocked()) {
            of.abort(CloseReason.REPLY_MEMORY_EXHAUSTED);
        } else {
            of.touch(); // its worker may be at it still, and has not told
        }
    }
}
