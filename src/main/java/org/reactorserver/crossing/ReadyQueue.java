package org.reactorserver.crossing;

import java.util.ArrayDeque;
import java.util.List;

/**
 * Sessions that wait for a worker: those with little to handle before those in bulk, which have every so many
 * turns for themselves, so that they are not starved. Not thread-safe: its owner guards it.
 */
final class ReadyQueue {
    /** So many sessions at most are taken one after the other while one in bulk waits. */
    private static final int PROMPT_PER_BULK = 8;

    private final ArrayDeque<Job> prompt = new ArrayDeque<>();
    private final ArrayDeque<Job> bulk = new ArrayDeque<>();
    private int sinceBulk;

    void add(List<Job> promptJobs, List<Job> bulkJobs) {
        prompt.addAll(promptJobs);
        bulk.addAll(bulkJobs);
    }

    int size() {
        return prompt.size() + bulk.size();
    }

    /** The next one; null if there is none. */
    Job poll() {
        boolean takesBulk = !bulk.isEmpty() && (prompt.isEmpty() || sinceBulk >= PROMPT_PER_BULK);
        sinceBulk = takesBulk ? 0 : sinceBulk + 1;
        return takesBulk ? bulk.poll() : prompt.poll();
    }
}
