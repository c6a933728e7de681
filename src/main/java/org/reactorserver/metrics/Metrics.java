package org.reactorserver.metrics;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.reactorserver.CloseReason;
import org.reactorserver.Extension;
import org.reactorserver.Inspection;
import org.reactorserver.PauseReason;
import org.reactorserver.ServerObserver;
import org.reactorserver.ServerStats;
import org.reactorserver.Session;
import org.reactorserver.SessionFacts;
import org.reactorserver.SessionState;
import org.reactorserver.option.Figures;

/**
 * A server's numbers, in a registry of any kind:
 *
 * <pre>{@code
 * ReactorServer server = builder.with(new Metrics(registry)).start();
 * }</pre>
 *
 * <p>They are all in the registry when the server has started. What it costs is some ten nanoseconds a message. As any
 * observer: any thread.
 */
public final class Metrics implements Extension, ServerObserver {
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Registry registry;
    private final LongConsumer passTime;
    private final LongConsumer timerLateness;
    private final LongConsumer readyToHandled;
    private final LongConsumer handlerTime;
    private final LongConsumer writeBacklog;
    private final LongAdder sleeps = new LongAdder();
    private final LongAdder wakeUps = new LongAdder();
    private final LongPasses longPasses = new LongPasses();
    private final Ends ends = new Ends();
    private final Waits waits = new Waits();
    private volatile AcceptFailure acceptFailure; // the last one; null if there was none

    private final Work work = new Work();
    private Thread loop; // written by it, once

    // from attach on
    private Figures figures;
    private LongSupplier clock;

    /** What has been done in this pass. Loop only; apart from what workers read, so that they do not wait for it. */
    private static final class Work {
        private int reads;
        private int writes;
        private int accepts;
        private int letters;
        private int timers;
        private int handled;

        void clear() {
            reads = 0;
            writes = 0;
            accepts = 0;
            letters = 0;
            timers = 0;
            handled = 0;
        }

        Pass pass(long nanos) {
            return new Pass(nanos, reads, writes, accepts, letters, timers, handled);
        }
    }

    /**
     * That {@code accept()} has failed.
     *
     * @param at when, by the clock
     */
    public record AcceptFailure(Exception cause, long at) {}

    /** The numbers of one server, in this registry. */
    public Metrics(Registry registry) {
        this.registry = registry;
        passTime = registry.histogram(
                "reactor_loop_pass_seconds",
                "Time of a pass of the selector thread, without its sleep.",
                Registry.Unit.SECONDS);
        timerLateness = registry.histogram(
                "reactor_loop_timer_lateness_seconds", "How late timers fire.", Registry.Unit.SECONDS);
        readyToHandled = registry.histogram(
                "reactor_ready_to_handled_seconds",
                "Time from the select that reports a session to the end of its turn with a worker.",
                Registry.Unit.SECONDS);
        handlerTime = registry.histogram(
                "reactor_handler_seconds", "Time that the handler takes for a message.", Registry.Unit.SECONDS);
        writeBacklog = registry.histogram(
                "reactor_write_backlog_bytes",
                "Replies of a session that wait, each time its peer does not take all of them.",
                Registry.Unit.BYTES);
        registry.counter("reactor_loop_sleeps", "How often the selector thread has gone to sleep.", sleeps::sum);
        registry.counter("reactor_loop_wakeups", "How often other threads have woken it.", wakeUps::sum);
    }

    @Override
    public List<ServerObserver> attach(Figures ofTheServer, LongSupplier servers) {
        figures = ofTheServer;
        clock = servers;
        return List.of(this);
    }

    /** Registers what the server is asked for. */
    @Override
    public void started(Inspection server) {
        String version = Metrics.class.getPackage().getImplementationVersion();
        registry.info(
                "reactor_build",
                "What runs here.",
                "version",
                version == null ? "unknown" : version,
                "java",
                Runtime.version().toString());
        registry.gauge("reactor_stopping", "1 from the first moment of a drain.", () -> server.isStopping() ? 1 : 0);
        counters(server);
        memory("requests", server, ServerStats::requestBytesWaiting, figures.requestMemory);
        memory("messages", server, ServerStats::messageBytesWaiting, figures.messageMemory);
        memory("replies", server, ServerStats::replyBytesWaiting, figures.replyMemory);
        registry.gauge("reactor_connections_limit", "Most connections at a time.", () -> figures.maxConnections);
        registry.gauge(
                "reactor_held_requests",
                "Requests held for a later reply.",
                () -> server.stats().held());
        registry.gauge("reactor_held_requests_limit", "Most of these.", () -> figures.maxHeld);
        registry.gauge(
                "reactor_lost_sessions",
                "Connections lost while messages of theirs wait.",
                () -> server.stats().lost());
        sessions(server);
        Question<List<Inspection.HandlerAtWork>> handlers = new Question<>(server::handlersAtWork, FRESH, PATIENCE);
        registry.gauge(
                "reactor_handlers_at_work",
                "Sessions that are with a worker.",
                () -> handlers.answer().map(all -> (double) all.size()).orElse(Double.NaN));
    }

    private void counters(Inspection server) {
        counter("reactor_connections_accepted", "Connections let in.", server, ServerStats::accepted);
        counter("reactor_connections_refused", "Connections turned away.", server, ServerStats::refused);
        counter("reactor_accept_failures", "How often accept() failed.", server, ServerStats::acceptFailures);
        counter("reactor_received_bytes", "Bytes read.", server, ServerStats::bytesRead);
        counter("reactor_sent_bytes", "Bytes written.", server, ServerStats::bytesWritten);
        counter("reactor_messages_received", "Messages decoded.", server, ServerStats::messagesRead);
        counter("reactor_messages_handled", "Messages given to the handler.", server, ServerStats::messagesHandled);
        counter("reactor_messages_dropped", "Messages never handled.", server, ServerStats::messagesDropped);
        counter("reactor_replies_written", "Replies written.", server, ServerStats::repliesWritten);
        counter("reactor_replies_dropped", "Replies that could not be written.", server, ServerStats::repliesDropped);
        counter(
                "reactor_messages_skipped",
                "Messages to groups that slow members did not get.",
                server,
                ServerStats::messagesSkipped);
        for (CloseReason reason : CloseReason.values()) {
            registry.counter(
                    "reactor_connections_closed",
                    "Connections that ended, by reason.",
                    () -> server.stats().closed().get(reason),
                    "reason",
                    word(reason));
        }
    }

    private void counter(String name, String help, Inspection server, ToLongFunction<ServerStats> value) {
        registry.counter(name, help, () -> value.applyAsLong(server.stats()));
    }

    private void memory(String kind, Inspection server, ToLongFunction<ServerStats> used, long limit) {
        registry.gauge(
                "reactor_waiting_bytes",
                "Heap that holds what waits, of all sessions.",
                () -> used.applyAsLong(server.stats()),
                "kind",
                kind);
        registry.gauge("reactor_waiting_limit_bytes", "Most of that.", () -> limit, "kind", kind);
    }

    private void sessions(Inspection server) {
        Question<List<SessionFacts>> sessions = new Question<>(server::sessions, FRESH, PATIENCE);
        for (SessionState state : SessionState.values()) {
            if (state.compareTo(SessionState.CLOSED) < 0) {
                registry.gauge(
                        "reactor_sessions",
                        "Sessions by state.",
                        () -> count(sessions, facts -> facts.state() == state ? 1 : 0),
                        "state",
                        word(state));
            }
        }
        for (PauseReason reason : PauseReason.values()) {
            registry.gauge(
                    "reactor_sessions_paused",
                    "Sessions that are not read, by reason.",
                    () -> count(sessions, facts -> facts.pause() == reason ? 1 : 0),
                    "reason",
                    word(reason));
        }
    }

    private static double count(Question<List<SessionFacts>> sessions, ToLongFunction<SessionFacts> one) {
        return sessions.answer()
                .map(all -> (double) all.stream().mapToLong(one).sum())
                .orElse(Double.NaN);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** The long passes of the last minute. */
    public LongPasses longPasses() {
        return longPasses;
    }

    /** Why connections ended in the last minute. */
    public Ends ends() {
        return ends;
    }

    /** What handlers took in the last minute, and what sessions waited for them. */
    public Waits waits() {
        return waits;
    }

    /** The last failure of {@code accept()}; null if there was none. */
    public AcceptFailure acceptFailure() {
        return acceptFailure;
    }

    @Override
    public void passBegan() {
        if (loop == null) {
            loop = Thread.currentThread();
        }
        work.clear();
    }

    @Override
    public void sleeps(long millis) {
        sleeps.increment();
    }

    @Override
    public void wokenUp() {
        wakeUps.increment();
    }

    @Override
    public void letterDelivered(long number) {
        work.letters++;
    }

    @Override
    public void timerFired(long number, long lateNanos) {
        work.timers++;
        timerLateness.accept(lateNanos);
    }

    @Override
    public void passEnded(long nanos) {
        passTime.accept(nanos);
        if (nanos >= LongPasses.LONG_NANOS) {
            longPasses.add(work.pass(nanos), clock.getAsLong());
        }
    }

    @Override
    public void connected(Session session) {
        work.accepts++;
    }

    @Override
    public void acceptFailed(Exception cause, long retryMillis) {
        acceptFailure = new AcceptFailure(cause, clock.getAsLong());
    }

    @Override
    public void read(Session session, int bytes) {
        work.reads++;
    }

    @Override
    public void written(Session session, int bytes, int messages) {
        work.writes++;
    }

    @Override
    public void writeBlocked(Session session, long waiting) {
        writeBacklog.accept(waiting);
    }

    @Override
    public void handled(Session session, long nanos) {
        handlerTime.accept(nanos);
        if (nanos >= Waits.LONG_NANOS) {
            waits.handled(new Waits.Wait(session.id(), nanos, 1), clock.getAsLong());
        }
        if (Thread.currentThread() == loop) {
            work.handled++;
        }
    }

    @Override
    public void released(Session session, int messages, long sinceReady) {
        readyToHandled.accept(sinceReady);
        if (sinceReady >= Waits.LONG_NANOS) {
            waits.released(new Waits.Wait(session.id(), sinceReady, messages), clock.getAsLong());
        }
    }

    @Override
    public void refused(SocketAddress peer, CloseReason reason) {
        ends.add(reason, peer, clock.getAsLong());
    }

    @Override
    public void closed(Session session, CloseReason reason) {
        ends.add(reason, session.remoteAddress(), clock.getAsLong());
    }
}
