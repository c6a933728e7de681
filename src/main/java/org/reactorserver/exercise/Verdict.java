package org.reactorserver.exercise;

/** What is to be said of a solution. */
public enum Verdict {
    /** No client has found anything. */
    RIGHT,
    /** The fault is still there, or there is another one. */
    WRONG,
    /** There is nothing to be said: the file could not be read, compiled or run. */
    NOT_RUN
}
