package org.reactorserver;

/** Why a session is not read. It is worked out from what there is, and changes with it. Reasons may be added. */
public enum PauseReason {
    /** Nothing more is wanted of it: it is about to end. */
    ENDING("it is about to end"),
    /** More replies wait for its peer than {@code --high-water}: the peer does not read, or not fast enough. */
    REPLIES_WAITING("its peer does not read its replies"),
    /** Replies wait for it, and those of all sessions take up their memory. */
    REPLY_MEMORY("the memory for replies is full"),
    /** As many of its requests as may be are held for a later reply. */
    REQUESTS_HELD("its requests are held for later replies"),
    /** The application has paused its reading: {@link Session#pauseReading}. */
    APPLICATION("the application has paused it"),
    /** What {@link Session#sendAll} is drawn from is not exhausted: that answers an earlier request of it. */
    SUPPLY("the application sends it more than fits at once"),
    /** As many of its messages as may be, by {@code --lane-limit}, wait for a worker. */
    MESSAGES_WAITING("its messages wait for a worker"),
    /** Messages of it wait for a worker, and those of all sessions take up their memory. */
    MESSAGE_MEMORY("the memory for messages is full"),
    /** Its messages come faster than {@code --max-messages-per-second}. */
    PACE("it sends messages faster than it may"),
    /** It is not its turn yet, and its buffer is full. */
    BUFFER_FULL("its buffer is full"),
    /** It holds undecoded bytes, and those of all sessions take up their memory. */
    REQUEST_MEMORY("the memory for undecoded input is full"),
    /** Its transport has something to write before it can read. */
    TRANSPORT("its transport has to write first");

    private final String text;

    PauseReason(String text) {
        this.text = text;
    }

    /** The reason in a few words, for a person. */
    @Override
    public String toString() {
        return text;
    }
}
