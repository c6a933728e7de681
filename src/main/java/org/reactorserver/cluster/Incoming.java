package org.reactorserver.cluster;

import static org.reactorserver.text.Log.LOG;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.reactorserver.Group;
import org.reactorserver.GroupBus;
import org.reactorserver.text.RateLimit;

/**
 * What the bus has to say: messages for the members here, what is known of other instances, and whether it is there.
 */
final class Incoming implements GroupBus.Listener {
    private static final int WARNINGS_A_SECOND = 5;

    private final long number; // of this instance
    private final GroupBus bus;
    private final Clockwork clockwork;
    private final Map<String, Topic> topics; // by their addresses
    private final Instances instances;
    private final ClusterListener listener;
    private final Consumer<Boolean> isUp;
    private final RateLimit warnings;

    final LongAdder received = new LongAdder();
    final LongAdder missed = new LongAdder();
    final LongAdder stale = new LongAdder();
    final LongAdder unreadable = new LongAdder();
    final LongAdder interruptions = new LongAdder();

    Incoming(
            long number,
            GroupBus bus,
            Clockwork clockwork,
            Map<String, Topic> topics,
            Instances instances,
            ClusterListener listener,
            Consumer<Boolean> isUp) {
        this.number = number;
        this.bus = bus;
        this.clockwork = clockwork;
        this.topics = topics;
        this.instances = instances;
        this.listener = listener;
        this.isUp = isUp;
        this.warnings = new RateLimit(WARNINGS_A_SECOND, clockwork::nanoTime);
    }

    @Override
    public void received(String address, byte[] message) {
        Frame frame = Frame.of(message);
        if (frame == null) {
            unreadable.increment();
        } else if (frame.sender() != number) {
            try {
                take(address, frame);
            } catch (RuntimeException e) { // of a listener, or an observer
                warn("what came in at %s has failed: %s".formatted(address, e));
            }
        }
    }

    private void take(String address, Frame frame) {
        instances.heard(frame, clockwork.nanoTime());
        Topic topic = topics.get(address);
        if (topic != null && (frame.isMessage() || frame.isState())) {
            take(topic, frame);
        }
    }

    private void take(Topic topic, Frame frame) {
        Topic.Intake intake = topic.take(frame);
        if (intake.missed() > 0) {
            String sender = instances.name(frame.sender());
            missed.add(intake.missed());
            warn("group %s has missed %d messages of instance %s".formatted(topic.name, intake.missed(), sender));
            listener.missed(topic.name, sender, intake.missed());
        }
        if (frame.kind() == Frame.Kind.QUESTION) {
            topic.tellSoon();
        }
        if (frame.isMessage() && !intake.isFresh()) {
            stale.increment();
        } else if (frame.isMessage()) {
            deliver(topic, frame);
        }
    }

    private void deliver(Topic topic, Frame frame) {
        Group here = frame.skipsSlow() ? topic.here.skippingSlow() : topic.here;
        received.increment(); // first: when a member has it, it has been counted
        try {
            if (frame.kind() == Frame.Kind.TEXT) {
                here.send(frame.text());
            } else {
                here.send(frame.body());
            }
        } catch (IllegalArgumentException e) {
            unreadable.increment();
            warn("group %s: a message of instance %s cannot be sent on: %s"
                    .formatted(topic.name, instances.name(frame.sender()), e.getMessage()));
        }
    }

    @Override
    public void up() {
        LOG.info("the bus {} is there: groups are shared with other instances", bus);
        listener.busUp();
        isUp.accept(true);
    }

    @Override
    public void down(String why) {
        isUp.accept(false);
        interruptions.increment();
        LOG.warn("the bus {} is not there: {}; shared groups are of this instance alone until it is", bus, why);
        listener.busDown(why);
    }

    @Override
    public void trouble(String what) {
        warn("the bus " + bus + ": " + what);
    }

    private void warn(String text) {
        if (warnings.allows()) {
            LOG.warn("{}{}", text, warnings.held());
        }
    }
}
