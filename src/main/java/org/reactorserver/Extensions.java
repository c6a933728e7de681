package org.reactorserver;

import static org.reactorserver.text.Log.LOG;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.reactorserver.option.Figures;

/** What comes with one server, from before it listens until it has ended. */
final class Extensions {
    /** So long, in nanoseconds, who waits for the server's end waits for theirs. */
    private static final long PATIENCE = 5_000_000_000L;

    private final List<Extension> all;
    private final List<Extension> attached = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Thread ending; // null if there are none

    Extensions(List<Extension> all) {
        this.all = List.copyOf(all);
    }

    /** The server's clock, made of the builder's. */
    LongSupplier clock(LongSupplier given) {
        LongSupplier clock = given;
        for (Extension each : all) {
            clock = each.clock(clock);
        }
        return clock;
    }

    /** Has them begin; returns what has to be told what happens. */
    List<ServerObserver> attach(Figures figures, LongSupplier clock) throws IOException {
        List<ServerObserver> observers = new ArrayList<>();
        for (Extension each : all) {
            observers.addAll(each.attach(figures, clock));
            attached.add(each);
        }
        return observers;
    }

    /** Before the selector thread starts, so that each is called for the start before the end. */
    void accompany(Inspection server, CompletableFuture<?> closed) {
        if (!all.isEmpty()) {
            tell(each -> each.started(server));
            ending = new Thread(this::end, "extensions");
            closed.whenComplete((report, failure) -> ending.start());
        }
    }

    /** Those that have begun end. */
    void end() {
        tell(Extension::ended);
        ended.countDown();
    }

    /**
     * Waits until they have ended, once the server has, so that what they took is free again; not for ever, since what
     * they do is theirs. In one of them, which would wait for itself, it does not.
     */
    void awaitEnd() {
        if (ending == null || Thread.currentThread() == ending) {
            return;
        }
        long until = System.nanoTime() + PATIENCE;
        boolean interrupted = false;
        boolean isOver = false;
        while (!isOver) {
            try {
                isOver = true;
                if (!ended.await(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    LOG.warn("the server has ended; after 5 s its extensions have not: {}", attached);
                }
            } catch (InterruptedException e) {
                interrupted = true;
                isOver = false;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(Consumer<Extension> what) {
        for (Extension each : attached) {
            try {
                what.accept(each);
            } catch (RuntimeException | LinkageError e) {
                LOG.warn("the extension {} failed", each, e);
            }
        }
    }
}
