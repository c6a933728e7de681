package org.reactorserver.cluster;

import java.util.List;
import org.reactorserver.Group;
import org.reactorserver.Session;

/** A group as its members here see it. */
abstract class Delegate implements SharedGroup {
    final Group here;

    Delegate(Group here) {
        this.here = here;
    }

    @Override
    public String name() {
        return here.name();
    }

    @Override
    public boolean join(Session session) {
        return here.join(session);
    }

    @Override
    public boolean leave(Session session) {
        return here.leave(session);
    }

    @Override
    public int size() {
        return here.size();
    }

    @Override
    public List<Session> members() {
        return here.members();
    }

    @Override
    public int send(String text) {
        return share(text).here();
    }

    @Override
    public int send(byte[] message) {
        return share(message).here();
    }
}
