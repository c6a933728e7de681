package org.reactorserver;

import java.util.concurrent.CompletionStage;

/** Answers messages that are texts, at once or later. */
@FunctionalInterface
public interface AsyncHandler extends SessionHandler<String> {

    /**
     * A message has arrived. Its reply is what the stage comes to, on whatever thread. Replies leave in the order of
     * the requests: one that is there before an earlier one waits for it. Until then the request is held, see {@link
     * Session#hold}: it is waited for by a half-closed peer's end and by a drain, and a session with as many as {@link
     * ReactorServer.Builder#maxHeldPerSession} is not read. A stage that is complete already costs no more than {@link
     * Session#send}.
     *
     * @return the reply to come; null, or a stage that comes to null, if there is none
     */
    CompletionStage<String> onMessage(Session session, String message) throws Exception;
}
