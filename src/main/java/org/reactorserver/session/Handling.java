package org.reactorserver.session;

import java.util.concurrent.CompletionStage;
import org.reactorserver.AsyncBinaryHandler;
import org.reactorserver.AsyncHandler;
import org.reactorserver.BinaryHandler;
import org.reactorserver.CloseReason;
import org.reactorserver.MessageHandler;
import org.reactorserver.Session;
import org.reactorserver.SessionHandler;
import org.reactorserver.framing.Binary;
import org.reactorserver.framing.Codec;
import org.reactorserver.framing.Text;

/** What is called with messages, whichever of the four kinds the handler is of. Immutable; any thread. */
public final class Handling {
    /** A session, as a handler that answers late leaves its requests with it. */
    interface Asked extends Session {
        /** Worker: the reply to a message is going to be this; null if there is none. */
        void answer(Object message, CompletionStage<?> reply);
    }

    @FunctionalInterface
    private interface Call {
        void on(Asked session, Object message) throws Exception;
    }

    public final SessionHandler<Object> handler;
    final Codec<Object> codec;
    final boolean isBinary;
    public final boolean handlesOpen; // whether it has an onOpen of its own, so that calling it is worth a hand-off
    final boolean handlesClose; // and an onClose
    final boolean handlesWritable; // and an onWritable
    final boolean handlesIdle; // and an onIdle
    final boolean handlesReadIdle; // and an onReadIdle
    final boolean handlesWriteIdle; // and an onWriteIdle
    private final Call call;

    @SuppressWarnings("unchecked") // the decoder makes of messages what the handler takes
    Handling(SessionHandler<?> handler, Text text) {
        this.handler = (SessionHandler<Object>) handler;
        this.call = callOf(handler);
        this.isBinary = handler instanceof BinaryHandler || handler instanceof AsyncBinaryHandler;
        this.codec = (Codec<Object>) (Codec<?>) (isBinary ? Binary.INSTANCE : text);
        this.handlesOpen = overrides("onOpen", Session.class);
        this.handlesClose = overrides("onClose", Session.class, CloseReason.class);
        this.handlesWritable = overrides("onWritable", Session.class);
        this.handlesIdle = overrides("onIdle", Session.class);
        this.handlesReadIdle = overrides("onReadIdle", Session.class);
        this.handlesWriteIdle = overrides("onWriteIdle", Session.class);
    }

    private static Call callOf(SessionHandler<?> handler) {
        if (handler instanceof MessageHandler texts) {
            return (session, message) -> texts.onMessage(session, (String) message);
        }
        if (handler instanceof BinaryHandler bytes) {
            return (session, message) -> bytes.onMessage(session, (byte[]) message);
        }
        if (handler instanceof AsyncHandler texts) {
            return (session, message) -> session.answer(message, texts.onMessage(session, (String) message));
        }
        AsyncBinaryHandler bytes = (AsyncBinaryHandler) handler;
        return (session, message) -> session.answer(message, bytes.onMessage(session, (byte[]) message));
    }

    /** Worker: calls the handler. */
    void handle(Asked session, Object message) throws Exception {
        call.on(session, message);
    }

    /** Unknown in a native image that was built without the class; then true, which costs a hand-off. */
    private boolean overrides(String method, Class<?>... parameters) {
        try {
            return handler.getClass().getMethod(method, parameters).getDeclaringClass() != SessionHandler.class;
        } catch (NoSuchMethodException | LinkageError e) {
            return true;
        }
    }
}
