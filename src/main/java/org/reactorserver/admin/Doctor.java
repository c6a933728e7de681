package org.reactorserver.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.reactorserver.Inspection;
import org.reactorserver.Inspection.HandlerAtWork;
import org.reactorserver.PauseReason;
import org.reactorserver.ServerStats;
import org.reactorserver.SessionFacts;
import org.reactorserver.SessionState;
import org.reactorserver.metrics.LongPasses;
import org.reactorserver.metrics.Metrics;
import org.reactorserver.metrics.Pass;
import org.reactorserver.metrics.Question;
import org.reactorserver.metrics.Source;
import org.reactorserver.metrics.Waits;
import org.reactorserver.option.Figures;
import org.reactorserver.text.Log;
import org.reactorserver.text.Plural;
import org.reactorserver.text.Printable;

/** Says in sentences what is wrong, what is about to be, and what helps. Any thread but the selector's. */
final class Doctor {
    private static final long SECOND = 1_000_000_000;
    private static final long MINUTE = 60 * SECOND;
    private static final double NEARLY_FULL = 0.8;
    private static final double MUCH_OF_THE_TIME = 0.05;
    private static final long LONG_FOR_ONE_PASS = SECOND / 4;
    private static final long LONG_STOP = SECOND / 2;
    private static final int NEARLY_ALL_HEAP = 90;
    private static final int MANY_ARRIVING = Figures.MOST_ARRIVING / 8;
    private static final int MOST_HANDLERS = 5;
    private static final String MORE_FILES =
            "what helps is a higher limit of open files (ulimit -n, LimitNOFILE=), or who opens"
                    + " them to close them: ls -l /proc/PID/fd";

    /** Of these it is nobody's fault, and no trouble, that a session is not read. */
    private static final Set<PauseReason> USUAL =
            EnumSet.of(PauseReason.ENDING, PauseReason.TRANSPORT, PauseReason.BUFFER_FULL);

    private final Inspection server;
    private final Figures figures;
    private final Metrics metrics;
    private final LongSupplier clock;
    private final Pulse pulse;
    private final Reserve reserve;
    private final Endings endings;
    private final Question<Boolean> turns;
    private final Question<List<SessionFacts>> sessions;
    private final Question<List<HandlerAtWork>> handlers;
    private final List<Source> sources;

    Doctor(
            Inspection server,
            Figures figures,
            Metrics metrics,
            LongSupplier clock,
            Pulse pulse,
            Reserve reserve,
            Question<Boolean> turns,
            Question<List<SessionFacts>> sessions,
            List<Source> sources) {
        this.server = server;
        this.figures = figures;
        this.metrics = metrics;
        this.clock = clock;
        this.pulse = pulse;
        this.reserve = reserve;
        this.endings = new Endings(figures);
        this.turns = turns;
        this.sessions = sessions;
        this.sources = sources;
        this.handlers = new Question<>(server::handlersAtWork, Duration.ZERO, Duration.ofMillis(500));
    }

    /** A sentence a line, the worst first. */
    String report() {
        List<String> sentences = new ArrayList<>();
        boolean isStuck = turns.answer().isEmpty();
        List<SessionFacts> all = isStuck ? List.of() : sessions.answer().orElse(List.of());
        if (isStuck) {
            sentences.add(stuckLoop());
        } else {
            handlers.answer().ifPresent(atWork -> stuckHandlers(atWork, all, sentences));
            pauses(all, sentences);
            arrivals(all, sentences);
        }
        waits(sentences);
        longPasses(sentences);
        stops(sentences);
        budgets(sentences);
        accepting(sentences);
        sentences.addAll(server.keyFaults());
        sentences.addAll(endings.sentences(metrics.ends().recent(clock.getAsLong()), all));
        log(sentences);
        sources.forEach(source -> sentences.addAll(source.troubles()));
        if (server.isStopping()) {
            sentences.add("the server is shutting down");
        }
        if (sentences.isEmpty()) {
            ServerStats stats = server.stats();
            sentences.add("nothing is wrong: %s open, %s handled, %s written"
                    .formatted(
                            Plural.of(stats.open(), "session"),
                            Plural.of(stats.messagesHandled(), "message"),
                            Plural.of(stats.repliesWritten(), "reply")));
        }
        return String.join("\n", sentences) + "\n";
    }

    private String stuckLoop() {
        Thread loop = server.selectorThread();
        String where = loop == null ? "" : "; it is " + Frames.where(loop);
        return "the selector thread has not answered for %s, and nobody is served%s"
                .formatted(seconds(Math.max(turns.unansweredNanos(), server.inPassNanos())), where);
    }

    private void stuckHandlers(List<HandlerAtWork> atWork, List<SessionFacts> all, List<String> sentences) {
        List<HandlerAtWork> slow = atWork.stream()
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
            sentences.add("and so have %s".formatted(Plural.of(slow.size() - MOST_HANDLERS, "more worker")));
        }
        int workers = figures.workers.threads();
        if (!slow.isEmpty() && !figures.workers.isVirtual() && atWork.size() >= workers) {
            Set<Long> served = atWork.stream().map(HandlerAtWork::session).collect(Collectors.toSet());
            long waiting = all.stream()
                    .filter(each -> each.messageBytes() > 0
                            && !served.contains(each.session().id()))
                    .count();
            sentences.add("no worker is free (--workers %d)%s"
                    .formatted(
                            workers,
                            waiting == 0 ? "" : ", and messages of " + Plural.of(waiting, "session") + " wait"));
        }
    }

    private static void arrivals(List<SessionFacts> all, List<String> sentences) {
        List<SessionFacts> arriving = all.stream()
                .filter(each -> each.state() == SessionState.ARRIVING)
                .toList();
        if (arriving.size() >= MANY_ARRIVING) {
            long longest =
                    arriving.stream().mapToLong(SessionFacts::sinceNanos).max().orElse(0);
            sentences.add(("%s not come in yet: a handshake or a PROXY header is not complete, of the longest for %s;"
                            + " of more than %d the one that is silent the longest goes")
                    .formatted(
                            Plural.of(arriving.size(), "connection") + " have",
                            seconds(longest),
                            Figures.MOST_ARRIVING));
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

    /** What it was a minute ago or less; who is with a worker now is told apart. */
    private void waits(List<String> sentences) {
        long now = clock.getAsLong();
        Waits.Wait handler = metrics.waits().longestHandler(now);
        Waits.Wait turn = metrics.waits().longestTurn(now);
        long waited = turn.nanos() - turn.messages() * handler.nanos();
        if (waited >= SECOND && figures.workers.threads() > 0) {
            sentences.add(("session %d waited %s for a worker in the last minute, while the handler took %s at most;"
                            + " what helps is a faster handler, or more workers (--workers %d)")
                    .formatted(turn.session(), seconds(waited), seconds(handler.nanos()), figures.workers.threads()));
        } else if (handler.nanos() >= SECOND) {
            sentences.add("the handler took %s for a message of session %d in the last minute"
                    .formatted(seconds(handler.nanos()), handler.session()));
        }
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
            deeds.add(deed.formatted(Plural.of(count, noun)));
        }
    }

    private void stops(List<String> sentences) {
        Pulse.Stop stop = pulse.longestStop();
        if (stop.nanos() >= LONG_STOP) {
            sentences.add("the process did not run for %s in the last minute: %s"
                    .formatted(
                            seconds(stop.nanos()),
                            stop.collecting() > stop.nanos() / 2
                                    ? "it collected garbage; what helps is a larger heap (-Xmx)"
                                    : "it was stopped, or the machine had no processor for it"));
        }
        long heap = Pulse.heapPercent();
        if (heap >= NEARLY_ALL_HEAP) {
            sentences.add(
                    "the heap is full to %d %% after a collection; what helps is a larger one (-Xmx)".formatted(heap));
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
                            isFiles ? "; " + MORE_FILES : ""));
        } else if (reserve.wasNeeded(MINUTE)) {
            sentences.add("no more files can be opened, and none is left for this answer but the one kept back; "
                    + MORE_FILES);
        }
    }

    private static void log(List<String> sentences) {
        IOException failure = Log.failure();
        if (failure != null) {
            sentences.add("the log cannot be written, and what it says is lost: %s"
                    .formatted(Printable.escape("" + failure.getMessage())));
        }
        long busy = Log.busyNanos();
        if (busy >= SECOND) {
            sentences.add("nobody reads the log: a line of it has been under way for %s".formatted(seconds(busy)));
        }
        if (Log.everLeftOut() > 0) {
            sentences.add("%s left out so far".formatted(Plural.of(Log.everLeftOut(), "log line") + " were"));
        }
    }

    private static String seconds(long nanos) {
        return nanos < 10 * SECOND ? "%.1f s".formatted(nanos / (double) SECOND) : nanos / SECOND + " s";
    }
}
