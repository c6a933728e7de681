package org.reactorserver.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import org.reactorserver.Group;
import org.reactorserver.engine.SimulatedServer;
import org.reactorserver.testkit.net.Dice;

/**
 * What the simulated application does that is not over when its handler returns: requests that another thread answers
 * later, what is sent as there is room, pauses, and groups; with what must be true of these.
 */
final class Errands {
    private static final String LATE = "L";
    private static final String GROUP = "G";
    private static final long MILLI = 1_000_000;
    private static final int MOST_SUPPLIED = 8;

    /** What another thread does later. */
    private record Errand(Peer peer, long due, Runnable deed) {}

    /** A reply that is to come, or none, or a failure. */
    private static final class Request {
        final CompletableFuture<String> stage = new CompletableFuture<>();
        boolean isDone;
    }

    private final Simulation simulation;
    private final Plan plan;
    private final Dice dice;
    private final Function<String, String> text; // of a reply, from what it is to begin with
    private final List<Errand> errands = new ArrayList<>();
    private final Map<Peer, Deque<Request>> requests = new HashMap<>(); // that are not answered, in order
    private int groupMessages;
    private boolean sendsToGroup; // which no other can then

    Errands(Simulation simulation, Plan plan, Dice dice, Function<String, String> text) {
        this.simulation = simulation;
        this.plan = plan;
        this.dice = dice;
        this.text = text;
    }

    // -- later

    void later(Peer peer, Runnable deed) {
        errands.add(new Errand(peer, simulation.getAsLong() + dice.below(3_000) * MILLI, deed));
    }

    /** When the next errand is due; {@link Long#MAX_VALUE} for never. */
    long next() {
        return errands.stream().mapToLong(Errand::due).min().orElse(Long.MAX_VALUE);
    }

    /** Another thread does one that is due. Returns whether there was one. */
    boolean runOne() {
        List<Errand> due = errands.stream()
                .filter(errand -> errand.due <= simulation.getAsLong())
                .toList();
        if (due.isEmpty()) {
            return false;
        }
        Errand errand = due.get(dice.below(due.size()));
        errands.remove(errand);
        errand.peer.callers++;
        errand.deed.run();
        errand.peer.callers--;
        return true;
    }

    // -- late replies

    /** The stage of the reply to a message: complete, or completed later, or none. */
    CompletionStage<String> answer(Peer peer) {
        if (dice.oneIn(4)) {
            return null;
        }
        Request request = new Request();
        boolean fails = dice.oneIn(plan.throwing);
        String reply = fails || dice.oneIn(4) ? null : text.apply(LATE + peer.lateAsked++ + ".");
        Deque<Request> before = requests.computeIfAbsent(peer, each -> new ArrayDeque<>());
        peer.held++;
        before.add(request);
        if (dice.oneIn(3)) {
            complete(peer, request, reply, fails);
        } else {
            later(peer, () -> complete(peer, request, reply, fails));
        }
        return request.stage;
    }

    /** What is answered by this is not held any more when this is over; and perhaps sooner. */
    private void complete(Peer peer, Request request, String reply, boolean fails) {
        request.isDone = true;
        Deque<Request> unanswered = requests.get(peer);
        while (!unanswered.isEmpty() && unanswered.peek().isDone) {
            unanswered.remove();
            peer.held--;
        }
        simulation.trace("%s: a late reply is there%s", peer, fails ? ", and is a failure" : "");
        if (fails) {
            peer.threw = true;
            request.stage.completeExceptionally(new IllegalStateException("planned"));
        } else {
            request.stage.complete(reply);
        }
    }

    /** A reply was queued. */
    void onQueued(Peer peer, String message) {
        if (message.startsWith("<" + LATE)) {
            simulation.require(number(message) == peer.lateQueued, peer, "is answered out of order: " + message);
            peer.lateQueued++;
        } else if (message.startsWith("<" + GROUP)) {
            simulation.require(peer.inGroup, peer, "is no member and gets " + message);
            simulation.require(number(message) > peer.lastOfGroup, peer, "gets again, or too late, " + message);
            peer.lastOfGroup = number(message);
        }
    }

    private static int number(String message) {
        return Integer.parseInt(message.substring(2, message.indexOf('.')));
    }

    /** Whether nothing is under way that its session would have to wait for. */
    static boolean isThrough(Peer peer) {
        return peer.held == 0 && peer.lateQueued == peer.lateAsked && peer.supplying == 0;
    }

    // -- flow

    /** As much as there is room for, or everything of something. */
    void flow(Peer peer) {
        if (dice.oneIn(2)) {
            supply(peer);
        } else {
            fill(peer);
        }
    }

    /** Sends until there is no room. */
    void fill(Peer peer) {
        for (int i = 0; i < MOST_SUPPLIED && isWritable(peer); i++) {
            peer.session.send(text.apply(""));
        }
    }

    private static boolean isWritable(Peer peer) {
        boolean isWritable = peer.session.isWritable();
        peer.awaitsRoom = !isWritable;
        return isWritable;
    }

    private void supply(Peer peer) {
        int count = dice.below(MOST_SUPPLIED);
        boolean isBad = dice.oneIn(plan.throwing);
        int[] drawn = new int[1];
        Iterator<String> replies = Stream.generate(() -> {
                    if (isBad && drawn[0] == count / 2) {
                        peer.threw = true;
                        throw new IllegalStateException("planned");
                    }
                    drawn[0]++;
                    return text.apply("");
                })
                .limit(count)
                .iterator();
        peer.supplying++;
        simulation.trace("%s: %d replies are to be drawn", peer, count);
        peer.session.sendAll(replies).whenComplete((isAll, failure) -> {
            peer.supplying--;
            simulation.require(drawn[0] <= count, peer, "is supplied with too much");
            simulation.require(failure != null || !isAll || drawn[0] == count, peer, "is not supplied with all");
        });
    }

    void pause(Peer peer) {
        if (!peer.paused) {
            peer.paused = true;
            peer.session.pauseReading();
            later(peer, () -> {
                peer.paused = false;
                peer.session.resumeReading();
            });
        }
    }

    // -- groups

    /** Whether a message is being sent to the group: no other gets in between. */
    boolean isExclusive() {
        return sendsToGroup;
    }

    void group(Peer peer, Group group) {
        switch (dice.below(4)) {
            case 0 -> leave(peer, group);
            case 1 -> {
                sendTo(group);
                if (dice.oneIn(2)) {
                    leave(peer, group); // what was sent is on its way all the same
                }
            }
            default -> join(peer, group);
        }
    }

    private void join(Peer peer, Group group) {
        boolean mayBeOver = peer.closeRequested || peer.threw || peer.overLimit || peer.reason != null;
        boolean isMember = group.join(peer.session);
        simulation.trace("%s: %s the group", peer, isMember ? "is in" : "cannot join");
        peer.inGroup = isMember;
        boolean isEnding = SimulatedServer.isShut(peer.session) || SimulatedServer.isOverLimit(peer.session);
        simulation.require(isMember || mayBeOver || isEnding, peer, "cannot join");
    }

    private void leave(Peer peer, Group group) {
        boolean isMember = peer.inGroup;
        peer.inGroup = false; // first: others may act while it leaves
        boolean was = group.leave(peer.session);
        simulation.require(was == isMember || peer.reason != null, peer, was ? "was a member" : "was no member");
    }

    void sendTo(Group group) {
        int before = group.size();
        sendsToGroup = true;
        Group through = dice.oneIn(2) ? group : group.skippingSlow();
        int taken = through.send(text.apply(GROUP + groupMessages++ + "."));
        sendsToGroup = false;
        simulation.trace("%d of %d members take what is sent to the group", taken, before);
        simulation.require(taken <= before, "more have taken it than there are members");
    }

    /** The handler is about to be told the end. */
    void onClose(Peer peer, Group group) {
        simulation.require(!group.members().contains(peer.session), peer, "has ended and is a member");
        peer.inGroup = false;
    }
}
