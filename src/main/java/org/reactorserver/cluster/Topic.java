package org.reactorserver.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.reactorserver.Group;

/**
 * What one group has to do with the bus: what goes out is numbered under this object's lock, which is held while the
 * members here are given it, so that all get it in one order; what has come in is known under another lock.
 */
final class Topic {
    final String name; // of the group
    final String address; // at the bus
    final Group here;
    final boolean isForAll; // of sessions: it has no members that join

    private final long sender;
    private final long series;
    private final Outgoing outgoing;

    // guarded by this
    private long sent;
    private long tellAt; // by the clock
    private boolean isTold; // nothing has changed since
    private int toldMembers;
    private boolean isForgotten;
    private long lastUse;
    private volatile boolean isSubscribed; // written under this

    // guarded by heard
    private final Map<Long, Heard> heard = new HashMap<>(); // by the sender
    private boolean isHearing;

    Topic(
            String name,
            String address,
            Group here,
            boolean isForAll,
            long sender,
            long series,
            Outgoing outgoing,
            long now) {
        this.name = name;
        this.address = address;
        this.here = here;
        this.isForAll = isForAll;
        this.sender = sender;
        this.series = series;
        this.outgoing = outgoing;
        this.lastUse = now;
    }

    // ---- going out

    /** Any thread: gives it to the members here, and to the bus. Null if there is another topic of this name by now. */
    synchronized Sent send(Object message, boolean skipsSlow, Frame.Kind kind, byte[] body, long now) {
        if (isForgotten) {
            return null;
        }
        Group local = skipsSlow ? here.skippingSlow() : here;
        int count = message instanceof String text ? local.send(text) : local.send((byte[]) message);
        lastUse = now;
        isTold = false;
        sent++;
        return new Sent(count, outgoing.offer(address, new Frame(kind, skipsSlow, sender, series, sent, body)));
    }

    /** The bus's thread: whether messages are to come in: there are members, or there were a moment ago. */
    synchronized boolean wants(long now, long patience) {
        if (isForgotten) {
            return false;
        }
        if (isForAll || here.size() > 0) {
            lastUse = now;
            return true;
        }
        return isSubscribed && now - lastUse <= patience;
    }

    /** The bus's thread: whether that has to be said to the bus. */
    synchronized boolean setSubscribed(boolean wanted) {
        boolean isNews = wanted != isSubscribed;
        isSubscribed = wanted;
        synchronized (heard) {
            isHearing = wanted;
            if (!wanted) {
                heard.clear(); // what comes later is counted anew
            }
        }
        return isNews;
    }

    /** Any thread: whether the bus knows that messages are to come in. */
    boolean isSubscribed() {
        return isSubscribed;
    }

    /** The bus's thread: tells the others where it is, if that has changed or was told too long ago. */
    synchronized void tell(long now, long refresh) {
        int members = here.size();
        boolean isNothing = sent == 0 && members == 0 && toldMembers == 0;
        boolean isDue = !isTold || members != toldMembers || now >= tellAt;
        if (isDue && !isNothing) {
            say(Frame.Kind.STATE, members, now, refresh);
        }
    }

    /** The bus's thread: the same at once, and has the others do it. */
    synchronized void ask(long now, long refresh) {
        say(Frame.Kind.QUESTION, here.size(), now, refresh);
    }

    private void say(Frame.Kind kind, int members, long now, long refresh) {
        toldMembers = members;
        tellAt = now + refresh;
        isTold = outgoing.isUp();
        outgoing.add(address, Frame.state(kind, sender, series, sent, members));
    }

    /** Any thread: somebody wants to be told. */
    synchronized void tellSoon() {
        isTold = false;
    }

    /** The bus's thread: whether it can go, since nobody has used it for so long and all is told. It has gone then. */
    synchronized boolean forget(long now, long after) {
        isForgotten = isForgotten || (!isForAll && !isSubscribed && here.size() == 0 && now - lastUse > after);
        return isForgotten;
    }

    // ---- coming in

    /** How many messages are known to be missing, now that this has come; and whether this is news. */
    record Intake(long missed, boolean isFresh) {}

    /** The bus's threads: takes note of what has come. */
    Intake take(Frame frame) {
        synchronized (heard) {
            if (!isHearing) {
                return new Intake(0, false); // from before the end of the subscription
            }
            Heard from = heard.computeIfAbsent(frame.sender(), number -> new Heard());
            long missed = from.missedBefore(frame);
            return new Intake(missed, from.take(frame) == Heard.News.FRESH);
        }
    }

    /** The bus's thread: nothing more is known of these. */
    void forget(List<Long> senders) {
        synchronized (heard) {
            heard.keySet().removeAll(senders);
        }
    }

    /** Any thread: how many members it has, by the names of the instances. */
    Map<String, Integer> everywhere(String own, Instances instances) {
        Map<String, Integer> all = new TreeMap<>();
        if (here.size() > 0) {
            all.put(own, here.size());
        }
        synchronized (heard) {
            heard.forEach((number, from) -> {
                if (from.members() > 0 && instances.isThere(number)) {
                    all.merge(instances.name(number), from.members(), Integer::sum);
                }
            });
        }
        return all;
    }
}
