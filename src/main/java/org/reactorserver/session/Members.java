package org.reactorserver.session;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.reactorserver.Session;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.Letter;

/**
 * Sessions that are sent to together. As a letter it has the loop look at those for which something waits: one letter
 * for all of them, however many these are and however often is sent before it is delivered.
 *
 * <p>Sending is guarded by a lock, so that all get everything in the same order. So is leaving, so that nothing is left
 * with a session for which no letter is on its way.
 */
public final class Members extends Letter {
    /** What can be a member. */
    interface Member extends Session {
        /**
         * Any thread: takes a message, whose payload it shares with others; the loop is notified later. Returns
         * whether.
         */
        boolean take(byte[] payload, Object message, boolean skipsIfSlow);

        /** Loop: a message was sent to the group. */
        void look();
    }

    private final EventLoop loop;
    private final Set<Member> members = ConcurrentHashMap.newKeySet();

    Members(EventLoop loop) {
        this.loop = loop;
    }

    /** Any thread: all of them; a live view, which cannot be changed through it. */
    Set<? extends Session> all() {
        return members;
    }

    /** Any thread. */
    public void add(Member member) {
        members.add(member);
    }

    /** Any thread: when this returns, nothing is sent to it any more, and what was is on its way. */
    synchronized void remove(Member member) {
        removeClosed(member);
    }

    /** Loop: it is closed, so nothing has to be on its way. */
    void removeClosed(Member member) {
        members.remove(member);
    }

    /** Any thread: sends to all. Returns how many have taken it. */
    synchronized int send(byte[] payload, Object message, boolean skipsSlow) {
        int taken = 0;
        for (Member member : members) {
            taken += member.take(payload, message, skipsSlow) ? 1 : 0;
        }
        if (taken > 0) {
            loop.post(this);
        }
        return taken;
    }

    @Override
    protected void onDelivery() {
        for (Member member : members) {
            member.look();
        }
    }
}
