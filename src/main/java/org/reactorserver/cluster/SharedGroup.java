package org.reactorserver.cluster;

import java.util.Map;
import org.reactorserver.Group;

/**
 * A group with members on several instances: {@link SharedGroups#group}. What is sent to it, also by {@link #send},
 * reaches the members here at once, and each other instance that has members once, if the bus does not lose it: at most
 * once, never back, and from one instance in the order in which it was sent there. What different instances send at the
 * same time may come in another order to members of different instances.
 *
 * <p>{@link #size}, {@link #members} and the numbers that {@link #send} returns are of this instance alone. Any thread;
 * no method waits for the bus.
 */
public interface SharedGroup extends Group {

    /**
     * Sends a text to every member, here and elsewhere, as {@link #send} does, and tells more of what became of it.
     *
     * @throws IllegalArgumentException if the text cannot be one message of the framing in force here; then nobody gets
     *     it. An instance whose framing cannot carry it leaves it out and says so in its log
     */
    Sent share(String text);

    /** The same with bytes, which are copied. */
    Sent share(byte[] message);

    /**
     * How many members it has on which instance, this one included; those without members are not in it. Of other
     * instances it is what they said last, a heartbeat ago at most while the bus is there. If there are no members
     * here, the others are not known.
     *
     * @return by the names of the instances; a copy
     */
    Map<String, Integer> everywhere();

    @Override
    SharedGroup skippingSlow();
}
