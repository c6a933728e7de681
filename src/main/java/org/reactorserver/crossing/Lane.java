package org.reactorserver.crossing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * The waiting messages of one session, between the loop that adds them and the one worker at a time
 * that handles them. So they are handled one after the other, in order, whatever the number of workers.
 *
 * <p>The loop {@link #add}s and {@link #schedule}s; a worker that was given a scheduled lane {@link
 * #poll}s and ends with {@link #release}. What is added while the lane is scheduled may be seen by that
 * worker or not: therefore it tells the loop after the release, and the loop schedules again.
 *
 * <p>Beside messages there are events: some before the next message, and some behind the last one. An idle
 * lane holds no queue.
 *
 * @param <M> what a message is
 */
public final class Lane<M> {
    /** Something that happens on a worker, in its order among the messages. */
    @FunctionalInterface
    public interface Event {
        /** Worker: it is its turn. */
        void happen() throws Exception;
    }

    /**
     * Written without a fence: after each release comes a post, which has one, see {@link org.reactorserver.loop.Letter}.
     */
    @SuppressWarnings("rawtypes") // a class has no type arguments
    private static final AtomicIntegerFieldUpdater<Lane> WEIGHT =
            AtomicIntegerFieldUpdater.newUpdater(Lane.class, "weight");

    private ArrayList<M> arrived; // guarded by this, like the next five; null if there is nothing
    private ArrayDeque<Event> events; // behind the last message; null if there is none
    private volatile ArrayDeque<Event> urgent; // before the next one; likewise; written under the lock, read without
    private volatile int weight; // of what has arrived and of the batch; written under the lock, by WEIGHT
    private int arrivedWeight;
    private boolean scheduled;

    private ArrayList<M> batch; // belongs to the worker while the lane is scheduled
    private int position;
    private boolean hasEvent; // likewise: when it last looked, an event was due

    private volatile boolean abandoned;

    /** Loop: what all messages weigh that are not handled; at the limit, no more is decoded. */
    public int weight() {
        return weight;
    }

    /** Loop: adds messages of the given weight together. */
    public synchronized void add(List<M> messages, int messagesWeight) {
        if (arrived == null) {
            arrived = new ArrayList<>(messages);
        } else {
            arrived.addAll(messages);
        }
        WEIGHT.lazySet(this, weight + messagesWeight);
        arrivedWeight += messagesWeight;
    }

    /**
     * Any thread: the event comes before the next message, after earlier ones of its kind; the loop has to be notified.
     */
    public synchronized void hurry(Event event) {
        if (urgent == null) {
            urgent = new ArrayDeque<>(2);
        }
        urgent.add(event);
    }

    /** Any thread: whether such an event waits. */
    public boolean isUrgent() {
        return urgent != null;
    }

    /** Loop: the event comes after every message and after earlier events of its kind; no message is added later. */
    public synchronized void end(Event event) {
        if (events == null) {
            events = new ArrayDeque<>(2);
        }
        events.add(event);
    }

    /**
     * Any thread: drops the messages that wait. Those that a worker has in its hands at the moment it is to skip.
     *
     * @return how many were dropped here
     */
    public synchronized int abandon() {
        abandoned = true;
        int count = arrived == null ? 0 : arrived.size();
        arrived = null;
        weight -= arrivedWeight;
        arrivedWeight = 0;
        if (!scheduled && batch != null) {
            count += batch.size() - position;
            batch = null;
            weight = 0;
        }
        return count;
    }

    /** Worker: whether messages are to be skipped. */
    public boolean isAbandoned() {
        return abandoned;
    }

    /** Loop, or the worker that has just released it: whether it has something to handle and now is the caller's. */
    public synchronized boolean schedule() {
        if (scheduled || isEmpty()) {
            return false;
        }
        scheduled = true;
        return true;
    }

    /** Loop: whether nothing waits and no worker is at it. */
    public synchronized boolean isIdle() {
        return !scheduled && isEmpty();
    }

    /** Loop: whether it is given to a worker. */
    synchronized boolean isScheduled() {
        return scheduled;
    }

    synchronized boolean isEmpty() {
        return arrived == null && batch == null && events == null && urgent == null;
    }

    /** Worker: the next message; null if there is none. */
    public M poll() {
        if (batch == null && !takeArrived()) {
            return null;
        }
        M message = batch.set(position++, null);
        if (position == batch.size()) {
            batch = null;
        }
        return message;
    }

    private synchronized boolean takeArrived() {
        hasEvent = events != null && arrived == null;
        if (hasEvent) {
            return false;
        }
        batch = arrived;
        position = 0;
        arrived = null;
        arrivedWeight = 0;
        return batch != null;
    }

    /** Worker: the event whose turn it is, when {@link #poll} has none; null if there is none. */
    public Event pollEvent() {
        return hasEvent ? takeEvent() : null;
    }

    private synchronized Event takeEvent() {
        Event event = events.poll();
        events = events.isEmpty() ? null : events;
        return event;
    }

    /** Worker: the event that comes before the next message; null if there is none. */
    public Event pollUrgent() {
        return urgent == null ? null : takeUrgent();
    }

    private synchronized Event takeUrgent() {
        Event event = urgent.poll();
        urgent = urgent.isEmpty() ? null : urgent;
        return event;
    }

    /**
     * Worker: gives the lane back, empty or not; the loop has to be notified afterwards.
     *
     * @param handledWeight what the messages weigh that it has polled
     */
    public synchronized void release(int handledWeight) {
        WEIGHT.lazySet(this, weight - handledWeight);
        scheduled = false;
    }
}
