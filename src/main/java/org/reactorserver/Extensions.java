package org.reactorserver;

import static org.reactorserver.text.Log.LOG;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.reactorserver.option.Figures;

/** What comes with one server, from before it listens until it has ended. */
final class Extensions {
    private final List<Extension> all;
    private final List<Extension> attached = new ArrayList<>();

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
            closed.whenComplete((report, failure) -> new Thread(this::end, "extensions").start());
        }
    }

    /** Those that have begun end. */
    void end() {
        tell(Extension::ended);
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
