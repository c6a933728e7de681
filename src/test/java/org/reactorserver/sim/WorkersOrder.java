package org.reactorserver.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.reactorserver.engine.SimulatedServer;

/** How many sessions workers take while another one waits for its turn: none starves. */
final class WorkersOrder {
    /** At least one of so many that are taken is the one that has waited longest of those with much to handle. */
    private static final int TURNS_PER_BULK = 9;

    /** A session that is given away stands in the queue a little later. */
    private static final int ON_THE_WAY = 9;

    private final List<Peer> peers;
    private final Deque<Peer[]> working = new ArrayDeque<>(); // whose session each turn is at, the innermost first

    WorkersOrder(List<Peer> peers) {
        this.peers = peers;
    }

    /** A turn of a worker begins. */
    void begin() {
        working.push(new Peer[1]);
    }

    /** It is over. */
    void end() {
        working.pop();
    }

    /** A worker has taken the session. Returns the session that has waited for too long, or null. */
    Peer onTaken(Peer taken) {
        if (working.isEmpty()) { // handled in the loop, all that there are
            return null;
        }
        working.peek()[0] = taken;
        taken.overtaken = 0;
        Peer starving = null;
        for (Peer peer : peers) {
            if (peer != taken && peer.session != null) {
                boolean waits = SimulatedServer.isScheduled(peer.session) && !isTaken(peer);
                peer.overtaken = waits ? peer.overtaken + 1 : 0;
                starving = peer.overtaken > TURNS_PER_BULK * peers.size() + ON_THE_WAY ? peer : starving;
            }
        }
        return starving;
    }

    private boolean isTaken(Peer peer) {
        return working.stream().anyMatch(turn -> turn[0] == peer);
    }
}
