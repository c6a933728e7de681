package org.reactorserver.helper;

import java.util.ArrayList;
import java.util.List;
import org.reactorserver.MessageHandler;
import org.reactorserver.Session;

/** Handlers that misbehave on request; else they echo. */
public final class BadHandlers {
    private BadHandlers() {}

    /** Does what the message says. */
    public static final class Any implements MessageHandler {

        /** For --handler. */
        public Any() {}

        @Override
        public void onMessage(Session session, String message) throws Exception {
            switch (message) {
                case "throw" -> throw new IllegalStateException("told to\nby a client");
                case "overflow" -> overflow(1);
                case "hoard" -> hoard();
                default -> session.send(message);
            }
        }

        private static int overflow(int depth) {
            return overflow(depth + 1) + depth;
        }

        /** Small things, so that nothing is left for the report. */
        private static void hoard() {
            List<Object> hoard = new ArrayList<>();
            while (true) {
                hoard.add(new Object[8]);
            }
        }
    }
}
