package org.reactorserver;

import java.util.ArrayList;
import java.util.List;

/**
 * The waiting messages of one session, between the loop that adds them and the one worker at a time
 * that handles them. So they are handled one after the other, in order, whatever the number of workers.
 *
 * <p>The loop {@link #add}s and {@link #schedule}s; a worker that was given a scheduled lane {@link
 * #poll}s and ends with {@link #release}. What is added while the lane is scheduled may be seen by that
 * worker or not: therefore it tells the loop after the release, and the loop schedules again.
 *
 * <p>An idle lane holds no queue.
 */
final class Lane {
    /** Something that is to happen behind the messages added before it. */
    interface Event {
        void happen() throws Exception;
    }

    /** What a message is taken to cost beyond its characters: its object headers and its place. */
    private static final int OVERHEAD = 64;

    private ArrayList<Object> arrived; // guarded by this, like the next two; null if there is nothing
    private int weight;
    private boolean scheduled;

    private ArrayList<Object> batch; // belongs to the worker while the lane is scheduled
    private int position;

    private volatile boolean abandoned;

    /** What a message weighs, in about as many bytes as it occupies. */
    static int weight(String message) {
        return OVERHEAD + message.length();
    }

    /** Loop: what has arrived and no worker has taken weighs; at the limit, no more is decoded. */
    synchronized int weight() {
        return weight;
    }

    /** Loop: adds messages of the given weight together. */
    synchronized void add(List<?> items, int itemsWeight) {
        if (arrived == null) {
            arrived = new ArrayList<>(items);
        } else {
            arrived.addAll(items);
        }
        weight += itemsWeight;
    }

    /** Loop: adds what is no message but must happen in its order. */
    void add(Event event) {
        add(List.of(event), 0);
    }

    /** Any thread: from here on messages that wait are to be skipped. */
    void abandon() {
        abandoned = true;
    }

    /** Worker: whether messages are to be skipped. */
    boolean isAbandoned() {
        return abandoned;
    }

    /** Loop: whether the lane has something to handle and is now to be given to a worker. */
    synchronized boolean schedule() {
        if (scheduled || (arrived == null && batch == null)) {
            return false;
        }
        scheduled = true;
        return true;
    }

    /** Loop: whether nothing waits and no worker is at it. */
    synchronized boolean isIdle() {
        return !scheduled && arrived == null && batch == null;
    }

    /** Worker: the next item, a String or an {@link Event}; null if there is none. */
    Object poll() {
        if (batch == null && !takeArrived()) {
            return null;
        }
        Object item = batch.set(position++, null);
        if (position == batch.size()) {
            batch = null;
        }
        return item;
    }

    private synchronized boolean takeArrived() {
        batch = arrived;
        position = 0;
        arrived = null;
        weight = 0;
        return batch != null;
    }

    /** Worker: gives the lane back, empty or not; to be told to the loop afterwards. */
    synchronized void release() {
        scheduled = false;
    }
}
