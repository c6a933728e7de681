package org.reactorserver;

/**
 * What carries messages between the instances of a server, so that a group can have members on several of them: an SPI.
 * A bus delivers at most once, and keeps the order of what one instance publishes to one topic; it may lose anything.
 *
 * <p>A topic is any text of 1 to 300 bytes of UTF-8. All methods are called by one thread, which is neither the selector's
 * nor a worker's, so they may wait, for some seconds at most.
 */
public interface GroupBus extends AutoCloseable {

    /** Is told what happens at the bus, by any thread, but of one topic one thing at a time. It returns soon and throws nothing. */
    interface Listener {
        /** Another instance has published this to a topic that is subscribed to. The array is the listener's. */
        void received(String topic, byte[] message);

        /** The bus is there: from here on messages go out and come in. */
        void up();

        /** It is not, for a reason to be told to people; what is published now is lost. Not told again until it was there. */
        void down(String why);

        /** It dropped messages for this instance, or says that something else is wrong. For people; a line. */
        void trouble(String what);
    }

    /**
     * Begins to connect and returns; whether and when that succeeds, also again after an interruption, the listener is
     * told. Subscriptions outlast interruptions.
     *
     * @throws IllegalStateException if it was called before
     */
    void open(Listener listener);

    /**
     * Publishes a message to all other instances that have subscribed to the topic.
     *
     * @return whether it was taken; false if the bus is not there
     */
    boolean publish(String topic, byte[] message);

    /** From here on, as soon as the bus has heard of it, messages of this topic come in; twice is the same as once. */
    void subscribe(String topic);

    /** From here on none do. */
    void unsubscribe(String topic);

    /** The longest message that it takes, in bytes; may change when it comes up. */
    int maxMessage();

    /** What it is, for people, without secrets: {@code nats://127.0.0.1:4222}. */
    @Override
    String toString();

    /** Sends what was published, for a second at most, and ends. The listener is told nothing any more. */
    @Override
    void close();
}
