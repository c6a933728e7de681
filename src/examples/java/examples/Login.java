package examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Map;
import org.reactorserver.MessageHandler;
import org.reactorserver.ReactorServer;
import org.reactorserver.Session;
import org.reactorserver.framing.Framing;

/**
 * A conversation with states: name, password, and then what only those who are known may do. Of one session one line is
 * handled at a time, so what belongs to it needs no lock. Who fails three times is sent away.
 */
public final class Login implements MessageHandler {
    private static final int MOST_ATTEMPTS = 3;

    private enum Expects {
        NAME,
        PASSWORD,
        COMMAND
    }

    /** What is known of a session. */
    private static final class Visitor {
        private Expects expects = Expects.NAME;
        private String name;
        private int failures;
    }

    private final Map<String, String> passwords;

    /** These may come in, each with a password. A server that is meant seriously keeps hashes, and speaks TLS. */
    public Login(Map<String, String> passwords) {
        this.passwords = Map.copyOf(passwords);
    }

    /** How it is served. */
    public ReactorServer.Builder builder() {
        return ReactorServer.builder(Framing.crlfLines())
                .port(8888)
                .maxMessage(512)
                .idleTimeout(Duration.ofMinutes(2))
                .handler(this);
    }

    @Override
    public void onOpen(Session session) {
        session.attach(new Visitor());
        session.send("name?");
    }

    @Override
    public void onMessage(Session session, String line) {
        Visitor visitor = (Visitor) session.attachment();
        switch (visitor.expects) {
            case NAME -> {
                visitor.name = line;
                visitor.expects = Expects.PASSWORD;
                session.send("password?");
            }
            case PASSWORD -> check(session, visitor, line);
            case COMMAND -> obey(session, visitor, line);
        }
    }

    private void check(Session session, Visitor visitor, String password) {
        if (isRight(passwords.get(visitor.name), password)) {
            visitor.expects = Expects.COMMAND;
            session.send("welcome, " + visitor.name);
        } else if (++visitor.failures == MOST_ATTEMPTS) {
            session.send("goodbye");
            session.close(); // what was sent before still gets there
        } else {
            visitor.expects = Expects.NAME;
            session.send("no; name?");
        }
    }

    /** Takes the same time for wrong and right ones, and for any user. */
    private static boolean isRight(String expected, String given) {
        byte[] known = (expected == null ? "" : expected).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(known, given.getBytes(StandardCharsets.UTF_8)) && expected != null;
    }

    private static void obey(Session session, Visitor visitor, String command) {
        switch (command) {
            case "who" -> session.send(visitor.name);
            case "quit" -> session.close();
            default -> session.send("what?");
        }
    }

    /** Serves at port 8888 until the process is ended. */
    public static void main(String[] arguments) throws IOException {
        new Login(Map.of("anna", "secret")).builder().start();
    }
}
