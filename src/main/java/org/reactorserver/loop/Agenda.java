package org.reactorserver.loop;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * The pollables that have work, those with little of it before those with much, else in order of arrival. Loop
 * only.
 */
final class Agenda {
    private final ArrayDeque<Pollable> prompt = new ArrayDeque<>();
    private final ArrayDeque<Pollable> bulk = new ArrayDeque<>();

    void add(Pollable pollable) {
        (pollable.isBulk() ? bulk : prompt).add(pollable);
    }

    boolean isEmpty() {
        return prompt.isEmpty() && bulk.isEmpty();
    }

    /** For checks: those with little to do, then those in bulk. */
    void forEach(Consumer<Pollable> visitor) {
        prompt.forEach(visitor);
        bulk.forEach(visitor);
    }

    /** How many have little to do. */
    int prompt() {
        return prompt.size();
    }

    /** How many are in bulk. */
    int bulk() {
        return bulk.size();
    }

    Pollable pollPrompt() {
        return prompt.poll();
    }

    Pollable pollBulk() {
        return bulk.poll();
    }
}
