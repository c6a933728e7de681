package org.reactorserver.cluster;

/**
 * Is told what happens between the instances, one thing at a time, on the bus's threads; it returns soon and throws
 * nothing.
 */
public interface ClusterListener {
    /** Hears nothing. */
    ClusterListener NONE = new ClusterListener() {};

    /** The bus is there. */
    default void busUp() {}

    /** The bus is not there any more, or not yet: what is sent to shared groups stays here. */
    default void busDown(String why) {}

    /** Another instance is there. Its name need not be unique. */
    default void instanceCame(String name) {}

    /** It has said that it ends, or nothing for longer than the deadline. */
    default void instanceLeft(String name) {}

    /**
     * Messages to a group were lost on the way from another instance. It is known as soon as a later message, or a
     * heartbeat, has come through.
     *
     * @param group its name; {@link SharedGroups#EVERYONE} for that of all sessions
     * @param instance the sender's name
     * @param messages how many
     */
    default void missed(String group, String instance, long messages) {}
}
