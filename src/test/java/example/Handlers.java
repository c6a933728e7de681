package example;

import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.reactorserver.CloseReason;
import org.reactorserver.MessageHandler;
import org.reactorserver.Session;

/** Handlers as users write them, in a package of theirs, for {@code serve --handler}. */
public final class Handlers {
    private Handlers() {}

    /** Greets, answers in capitals, and is told of the end. */
    public static final class Shouting implements MessageHandler {
        @Override
        public void onOpen(Session session) {
            session.send("HELLO");
        }

        @Override
        public void onMessage(Session session, String message) {
            session.send(message.toUpperCase(Locale.ROOT));
        }

        @Override
        public void onClose(Session session, CloseReason reason) {
            System.out.println("handler: session " + session.id() + " has ended: " + reason);
        }
    }

    /** Does not come back, whatever one does. */
    public static final class Hanging implements MessageHandler {
        @Override
        public void onMessage(Session session, String message) {
            while (true) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
                Thread.interrupted(); // and parks again
            }
        }
    }

    /** Throws what it is told. */
    public static final class Quoting implements MessageHandler {
        @Override
        public void onMessage(Session session, String message) {
            throw new IllegalArgumentException("cannot read '" + message + "'");
        }
    }

    /** Throws what cannot even be described, and answers everybody else. */
    public static final class Unspeakable implements MessageHandler {
        @Override
        public void onMessage(Session session, String message) {
            if (message.equals("fail")) {
                throw new IllegalStateException() {
                    private static final long serialVersionUID = 1;

                    @Override
                    public String toString() {
                        throw new StackOverflowError();
                    }
                };
            }
            session.send(message);
        }
    }

    /** Has files of its own open: so many that connections use up the rest. */
    public static final class FileHog implements MessageHandler {
        private final List<FileInputStream> files = new ArrayList<>();

        public FileHog() throws IOException {
            for (int i = 0; i < 50; i++) {
                files.add(new FileInputStream("/dev/null"));
            }
        }

        @Override
        public void onMessage(Session session, String message) {
            session.send(message);
        }
    }
}
