package org.reactorserver.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.reactorserver.Inspection;
import org.reactorserver.ServerStats;
import org.reactorserver.Session;
import org.reactorserver.SessionFacts;
import org.reactorserver.session.Shared;
import org.reactorserver.session.Stats;

/** Passes questions on to the loop. Any thread. */
final class Inspector implements Inspection {
    /** How many sessions are read in a pass: meanwhile none is served. */
    static final int SESSIONS_PER_PASS = 256;

    private final Shared shared;
    private final BooleanSupplier stopping;
    private final Supplier<List<String>> keyFaults;

    Inspector(Shared shared, BooleanSupplier stopping, Supplier<List<String>> keyFaults) {
        this.shared = shared;
        this.stopping = stopping;
        this.keyFaults = keyFaults;
    }

    @Override
    public ServerStats stats() {
        return Stats.of(shared);
    }

    @Override
    public boolean isStopping() {
        return stopping.getAsBoolean();
    }

    @Override
    public Thread selectorThread() {
        return shared.loop.thread();
    }

    @Override
    public String lastPasses(int most) {
        return shared.loop.ring().read().text(shared.clock.getAsLong(), most);
    }

    @Override
    public long inPassNanos() {
        Long since = shared.loop.ring().read().unfinishedSince();
        return since == null ? 0 : Math.max(0, shared.clock.getAsLong() - since);
    }

    @Override
    public List<String> keyFaults() {
        return keyFaults.get();
    }

    @Override
    public CompletableFuture<Void> turns() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        shared.loop.execute(() -> answer.complete(null));
        return answer;
    }

    @Override
    public CompletableFuture<List<SessionFacts>> sessions() {
        CompletableFuture<List<SessionFacts>> answer = new CompletableFuture<>();
        shared.loop.execute(() -> {
            List<Connection> all = new ArrayList<>();
            Drain.forEachConnection(shared, all::add);
            look(all.iterator(), new ArrayList<>(all.size()), answer);
        });
        return answer;
    }

    private void look(
            Iterator<Connection> left, List<SessionFacts> facts, CompletableFuture<List<SessionFacts>> answer) {
        for (int i = 0; i < SESSIONS_PER_PASS && left.hasNext(); i++) {
            Connection next = left.next();
            if (!next.life.isClosed()) {
                facts.add(Facts.of(next));
            }
        }
        if (left.hasNext()) {
            shared.loop.execute(() -> look(left, facts, answer)); // in the next pass
        } else {
            answer.complete(Collections.unmodifiableList(facts));
        }
    }

    @Override
    public CompletableFuture<Session> session(long id) {
        CompletableFuture<Session> answer = new CompletableFuture<>();
        shared.loop.execute(() -> {
            Session[] found = new Session[1];
            Drain.forEachConnection(shared, connection -> {
                if (connection.session.id() == id && id > 0 && !connection.life.isClosed()) {
                    found[0] = connection.session;
                }
            });
            answer.complete(found[0]);
        });
        return answer;
    }

    @Override
    public CompletableFuture<List<HandlerAtWork>> handlersAtWork() {
        CompletableFuture<List<HandlerAtWork>> answer = new CompletableFuture<>();
        shared.loop.execute(() -> {
            long now = shared.clock.getAsLong();
            List<HandlerAtWork> handlers = new ArrayList<>();
            shared.workers.forEachRunning(
                    (worker, session, since) -> handlers.add(new HandlerAtWork(worker, session, now - since)));
            answer.complete(handlers);
        });
        return answer;
    }
}
