package org.reactorserver.admin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.reactorserver.Inspection;
import org.reactorserver.Inspection.HandlerAtWork;
import org.reactorserver.PauseReason;
import org.reactorserver.ServerStats;
import org.reactorserver.SessionFacts;
import org.reactorserver.metrics.LongPasses;
import org.reactorserver.metrics.Metrics;
import org.reactorserver.metrics.Pass;
import org.reactorserver.metrics.Question;
import org.reactorserver.metrics.Source;
import org.reactorserver.option.Figures;
import org.reactorserver.text.Printable;

/** Says in sentences what is wrong, what is about to be, and what helps. Any thread but the selector's. */
final class Doctor {
    private static final long SECOND = 1_000_000_000;
    private static final long MINUTE = 60 * SECOND;
    private static final double NEARLY_FULL = 0.8;
    private static final double MUCH_OF_THE_TIME = 0.01;
    private static final long LONG_FOR_ONE_PASS = SECOND / 10;
    private static final int MOST_HANDLERS = 5;

    /** Of these it is nobody's fault, and no trouble, that a session is not read. */
    private static final Set<PauseReason> USUAL =
            EnumSet.of(PauseReason.ENDING, PauseReason.TRANSPORT, PauseReason.BUFFER_FULL);

    private final Inspection server;
    private final Figures figures;
    private final Metrics metrics;
    private final LongSupplier clock;
    private final Question<Boolean> turns;
    private final Question<List<SessionFacts>> sessions;
    private final Question<List<HandlerAtWork>> handlers;
    private final List<Source> sources;

    Doctor(
            Inspection server,
            Figures figures,
            Metrics metrics,
            LongSupplier clock,
            Question<Boolean> turns,
            Question<List<SessionFacts>> sessions,
            List<Source> sources) {
        this.server = server;
        this.figures = figures;
        this.metrics = metrics;
        this.clock = clock;
        this.turns = turns;
        this.sessions = sessions;
        this.sources = sources;
        this.handlers = new Question<>(server::handlersAtWork, Duration.ZERO, Duration.ofMillis(500));
    }

    /** A sentence a line, the worst first. */
    String report() {
        List<String> sentences = new ArrayList<>();
        if (turns.answer().isEmpty()) {
            sentences.add(stuckLoop());
        } else {
            handlers.answer().ifPresent(all -> stuckHandlers(all, sentences));
            sessions.answer().ifPresent(all -> pauses(all, sentences));
        }
        longPasses(sentences);
        budgets(sentences);
        accepting(sentences);
        sources.forEach(source -> sentences.addAll(source.troubles()));
        if (server.isStopping()) {
            sentences.add("the server is shutting down");
        }
        if (sentences.isEmpty()) {
            ServerStats stats = server.stats();
            sentences.add("nothing is wrong: %s open, %d messages handled, %d replies written"
                    .formatted(count(stats.open(), "session"), stats.messagesHandled(), stats.repliesWritten()));
        }
        return String.join("\n", sentences) + "\n";
    }

    private String stuckLoop() {
        Thread loop = server.selectorThread();
        String where = loop == null ? "" : "; it is " + Frames.where(loop);
        return "the selector thread has not answered for %s, and nobody is served%s"
                .formatted(seconds(turns.unansweredNanos()), where);
    }

    private void stuckHandlers(List<HandlerAtWork> all, List<String> sentences) {
        List<HandlerAtWork> slow = all.stream()
                .filter(each -> each.nanos() >= SECOND)
                .sorted(Comparator.comparingLong(HandlerAtWork::nanos).reversed())
                .toList();
        for (HandlerAtWork each : slow.subList(0, Math.min(MOST_HANDLERS, slow.size()))) {
            sentences.add("%s has been in session %d for %s %s"
                    .formatted(
                            each.worker().getName(),
                            each.session(),
                            seconds(each.nanos()),
                            Frames.where(each.worker())));
        }
        if (slow.size() > MOST_HANDLERS) {
            sentences.add("and so are %d more workers".formatted(slow.size() - MOST_HANDLERS));
        }
        int workers = figures.workers.threads();
        if (!slow.isEmpty() && !figures.workers.isVirtual() && all.size() >= workers) {
            sentences.add("no worker is free (--workers %d)".formatted(workers));
        }
    }

    private static void pauses(List<SessionFacts> all, List<String> sentences) {
        for (PauseReason reason : PauseReason.values()) {
            List<SessionFacts> paused =
                    all.stream().filter(each -> each.pause() == reason).toList();
            if (!paused.isEmpty() && !USUAL.contains(reason)) {
                sentences.add(paused(paused, reason));
            }
        }
    }

    private static String paused(List<SessionFacts> paused, PauseReason reason) {
        boolean isOne = paused.size() == 1;
        SessionFacts first = paused.stream()
                .max(Comparator.comparingLong(SessionFacts::blockedNanos))
                .orElseThrow();
        if (reason == PauseReason.REPLIES_WAITING) {
            return "%s paused because %s; %ssession %d has taken nothing for %s"
                    .formatted(
                            isOne ? "1 session is" : paused.size() + " sessions are",
                            isOne ? "its peer does not read" : "their peers do not read",
                            isOne ? "" : "of these ",
                            first.session().id(),
                            seconds(first.blockedNanos()));
        }
        return "%s not read, session %d among them: %s"
                .formatted(
                        isOne ? "1 session is" : paused.size() + " sessions are",
                        first.session().id(),
                        reason);
    }

    private void longPasses(List<String> sentences) {
        long now = clock.getAsLong();
        LongPasses passes = metrics.longPasses();
        Pass longest = passes.longest(now);
        double share = (double) passes.nanos(now) / MINUTE;
        if (longest != null && (share >= MUCH_OF_THE_TIME || longest.nanos() >= LONG_FOR_ONE_PASS)) {
            sentences.add("the loop spent %.0f %% of the last minute in passes over %d ms; the longest, %d ms, %s"
                    .formatted(
                            100 * share,
                            LongPasses.LONG_NANOS / 1_000_000,
                            longest.nanos() / 1_000_000,
                            whatItDid(longest)));
        }
    }

    private static String whatItDid(Pass pass) {
        List<String> deeds = new ArrayList<>();
        deed(deeds, pass.accepts(), "let %s in", "connection");
        deed(deeds, pass.reads(), "read %s", "session");
        deed(deeds, pass.handled(), "handled %s itself (--workers 0)", "message");
        deed(deeds, pass.letters(), "delivered %s", "letter");
        deed(deeds, pass.timers(), "fired %s", "timer");
        deed(deeds, pass.writes(), "wrote %s", "time");
        if (deeds.isEmpty()) {
            return "did nothing: the process did not run";
        }
        String last = deeds.remove(deeds.size() - 1);
        return deeds.isEmpty() ? last : String.join(", ", deeds) + " and " + last;
    }

    private static void deed(List<String> deeds, int count, String deed, String noun) {
        if (count > 0) {
            deeds.add(deed.formatted(count(count, noun)));
        }
    }

    private void budgets(List<String> sentences) {
        ServerStats stats = server.stats();
        full(sentences, "the memory for replies", stats.replyBytesWaiting(), figures.replyMemory, "--reply-memory");
        full(
                sentences,
                "the memory for messages",
                stats.messageBytesWaiting(),
                figures.messageMemory,
                "--message-memory");
        full(sentences, "the memory for input", stats.requestBytesWaiting(), figures.requestMemory, "--request-memory");
        full(sentences, "the room for connections", stats.open(), figures.maxConnections, "--max-connections");
        full(sentences, "the room for held requests", stats.held(), figures.maxHeld, "--max-held");
    }

    private static void full(List<String> sentences, String what, long used, long limit, String option) {
        if (used >= NEARLY_FULL * limit) {
            sentences.add(
                    "%s is full to %d %%: %d of %d (%s)".formatted(what, 100 * used / limit, used, limit, option));
        }
    }

    private void accepting(List<String> sentences) {
        Metrics.AcceptFailure last = metrics.acceptFailure();
        if (last != null && clock.getAsLong() - last.at() < MINUTE) {
            String cause = String.valueOf(last.cause().getMessage());
            boolean isFiles = cause.contains("Too many open files");
            sentences.add("new connections wait, because accept() fails: %s (%d times so far)%s"
                    .formatted(
                            Printable.escape(cause),
                            server.stats().acceptFailures(),
                            isFiles ? "; a higher limit of open files (ulimit -n, LimitNOFILE=) lifts that" : ""));
        }
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private static String seconds(long nanos) {
        return nanos < 10 * SECOND ? "%.1f s".formatted(nanos / (double) SECOND) : nanos / SECOND + " s";
    }
}
