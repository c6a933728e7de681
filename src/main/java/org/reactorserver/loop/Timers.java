package org.reactorserver.loop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The loop's timers: a binary heap whose entries know their place in it, so that re-arming and
 * cancelling cost O(log n) and allocate nothing. Deadlines are {@link System#nanoTime} values and are
 * compared by their difference, as its contract asks. Loop only.
 */
public final class Timers {

    /** One thing that is to happen at a time; at most one deadline at a time. Loop only. */
    public abstract static class Timer {
        private static final int NOT_ARMED = -1;
        private static final int NEXT = -2; // among those that are armed when all that are due have fired

        private long deadline;
        private int place = NOT_ARMED;

        /** The deadline has passed and the timer is no longer armed; it may be armed again here. */
        protected abstract void onTimer();

        /** The number of the session that it is about, as observers get it; 0 if that is none. */
        protected long number() {
            return 0;
        }

        /** Whether a deadline is set. */
        public final boolean isArmed() {
            return place != NOT_ARMED;
        }

        /** The deadline that was set last. */
        public final long deadline() {
            return deadline;
        }
    }

    private Timer[] heap = new Timer[16];
    private int size;
    private boolean firing;
    private long firingAt;
    private final ArrayList<Timer> next = new ArrayList<>();

    Timers() {}

    /**
     * Sets or moves the deadline, in nanoseconds of the loop's clock. Where timers fire, one that is set for a time that
     * has come fires in the next pass: it must not keep the loop from the rest of this one.
     */
    public void arm(Timer timer, long deadline) {
        if (firing && deadline - firingAt <= 0) {
            cancel(timer);
            timer.deadline = deadline;
            timer.place = Timer.NEXT;
            next.add(timer);
            return;
        }
        if (timer.place == Timer.NEXT) {
            cancel(timer);
        }
        timer.deadline = deadline;
        if (!timer.isArmed()) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, size * 2);
            }
            put(size++, timer);
        }
        siftUp(timer.place);
        siftDown(timer.place);
    }

    /** Forgets the deadline, if there is one. */
    public void cancel(Timer timer) {
        int place = timer.place;
        timer.place = Timer.NOT_ARMED;
        if (place == Timer.NEXT) {
            next.remove(timer);
        }
        if (place < 0) {
            return;
        }
        Timer last = heap[--size];
        heap[size] = null;
        if (last != timer) {
            put(place, last);
            siftUp(place);
            siftDown(last.place);
        }
    }

    /** Takes those that are due, in their order, each disarmed. */
    void fire(long now, Consumer<Timer> step) {
        firing = true;
        firingAt = now;
        try {
            Timer timer;
            while ((timer = pollDue(now)) != null) {
                step.accept(timer);
            }
        } finally {
            firing = false;
            for (int i = 0; i < next.size(); i++) {
                Timer timer = next.get(i);
                timer.place = Timer.NOT_ARMED;
                arm(timer, timer.deadline);
            }
            next.clear();
        }
    }

    /** The earliest timer that is due, disarmed; null if none is due. */
    Timer pollDue(long now) {
        if (size == 0 || heap[0].deadline - now > 0) {
            return null;
        }
        Timer due = heap[0];
        cancel(due);
        return due;
    }

    /** Whether any deadline is set. */
    boolean isEmpty() {
        return size == 0;
    }

    /** Nanoseconds from now to the earliest deadline, negative if it has passed; there must be one. */
    long untilNext(long now) {
        return heap[0].deadline - now;
    }

    private void siftUp(int place) {
        while (place > 0 && isEarlier(place, (place - 1) / 2)) {
            swap(place, (place - 1) / 2);
            place = (place - 1) / 2;
        }
    }

    private void siftDown(int place) {
        for (int child = 2 * place + 1; child < size; child = 2 * place + 1) {
            if (child + 1 < size && isEarlier(child + 1, child)) {
                child++;
            }
            if (!isEarlier(child, place)) {
                return;
            }
            swap(place, child);
            place = child;
        }
    }

    private boolean isEarlier(int a, int b) {
        return heap[a].deadline - heap[b].deadline < 0;
    }

    private void swap(int a, int b) {
        Timer timer = heap[a];
        put(a, heap[b]);
        put(b, timer);
    }

    private void put(int place, Timer timer) {
        heap[place] = timer;
        timer.place = place;
    }
}
