package examples;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.reactorserver.CloseReason;
import org.reactorserver.Group;
import org.reactorserver.MessageHandler;
import org.reactorserver.ReactorServer;
import org.reactorserver.Session;
import org.reactorserver.framing.Framing;

/**
 * A chat room. The first line is a name, which nobody else may have; every other one goes to all who are in the room.
 *
 * <pre>{@code
 * $ nc 127.0.0.1 8888
 * anna
 * * anna has come
 * hello
 * anna: hello
 * }</pre>
 */
public final class ChatRoom implements MessageHandler {
    private final Map<String, Session> names = new ConcurrentHashMap<>();
    private final CompletableFuture<Group> room = new CompletableFuture<>();

    /** How it is served. */
    public ReactorServer.Builder builder() {
        return ReactorServer.builder(Framing.lines()).port(8888).handler(this);
    }

    /** The group of those who are in, once there is a server that has groups. */
    public void open(ReactorServer server) {
        room.complete(server.group("room"));
    }

    @Override
    public void onMessage(Session session, String text) {
        String name = (String) session.attachment();
        if (name != null) {
            room.join().send(name + ": " + text);
        } else if (names.putIfAbsent(text, session) == null) { // to ask first and to put then would let two in
            session.attach(text);
            room.join().join(session);
            room.join().send("* " + text + " has come");
        } else {
            session.send("* " + text + " is here already, say another name");
        }
    }

    /** By now it has left the group, and does not hear of its own going. */
    @Override
    public void onClose(Session session, CloseReason reason) {
        String name = (String) session.attachment();
        if (name != null) {
            names.remove(name);
            room.join().send("* " + name + " has left");
        }
    }

    /** Serves at port 8888 until the process is ended. */
    public static void main(String[] arguments) throws IOException {
        ChatRoom chat = new ChatRoom();
        chat.open(chat.builder().start());
    }
}
