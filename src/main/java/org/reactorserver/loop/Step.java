package org.reactorserver.loop;

/**
 * The steps of a pass, in the order in which {@link EventLoop#pass} takes them; what they are, users see by the same
 * names.
 */
public enum Step {
    SELECT,
    READY_KEYS,
    HAND_OFF,
    LETTERS,
    TIMERS,
    SETTLE
}
