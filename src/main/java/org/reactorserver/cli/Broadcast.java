package org.reactorserver.cli;

import java.util.concurrent.CompletableFuture;
import org.reactorserver.Group;
import org.reactorserver.GroupBus;
import org.reactorserver.MessageHandler;
import org.reactorserver.ReactorServer;
import org.reactorserver.Session;
import org.reactorserver.admin.Admin;
import org.reactorserver.cluster.ClusterSource;
import org.reactorserver.cluster.SharedGroups;

/** Sends every message to everybody, its sender included: of this server, or of all that share a bus. */
final class Broadcast implements MessageHandler {
    private final GroupBus bus; // null: none
    private final CompletableFuture<Group> everyone = new CompletableFuture<>();
    private SharedGroups shared; // null: not begun, or without a bus

    Broadcast(GroupBus bus) {
        this.bus = bus;
    }

    /**
     * There is a server now, whose sessions these are. A message that has come already waits for this.
     *
     * @param admin tells how the bus is; null if there is none
     */
    void begin(ReactorServer server, Admin admin) {
        if (bus == null) {
            everyone.complete(server.everyone());
            return;
        }
        shared = SharedGroups.over(bus).start(server);
        if (admin != null) {
            admin.telling(new ClusterSource(shared));
        }
        everyone.complete(shared.everyone());
    }

    @Override
    public void onMessage(Session session, String message) {
        everyone.join().send(message);
    }

    /** The server has ended: the others are told. */
    void end() {
        if (shared != null) {
            shared.close();
        }
    }
}
