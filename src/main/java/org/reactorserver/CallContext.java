package org.reactorserver;

/**
 * What is done around each call of a handler, for whatever depends on the thread: MDC, tracing, a transaction. For
 * example {@code (session, call) -> { MDC.put("session", "" + session.id()); try { call.run(); } finally { MDC.clear();
 * } }}.
 */
@FunctionalInterface
public interface CallContext {

    /** One call of a handler. */
    @FunctionalInterface
    interface Call {
        /** Makes the call; throws what the handler throws. */
        void run() throws Exception;
    }

    /**
     * Runs the call, once, on this thread. What is thrown here counts as thrown by the handler.
     *
     * @param session whose handler is called
     */
    void around(Session session, Call call) throws Exception;
}
