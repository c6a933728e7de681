package org.reactorserver.cli;

import static org.reactorserver.text.Log.LOG;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.reactorserver.Inspection;
import org.reactorserver.Notice;
import org.reactorserver.ReactorServer;
import org.reactorserver.flight.FlightRecordings;
import org.reactorserver.text.Log;
import org.reactorserver.text.Terminal;

/** A server in its process: from the ready line through the transcript to the drain at the end. */
final class Serving {
    /** Most lines of a transcript in a second, unless all are asked for. */
    static final int TRANSCRIPT_PER_SECOND = 200;

    /** How long the end waits for what is still to be printed. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    /** How long it waits for the report at least, also if nothing else could be printed. */
    private static final Duration LAST_LINE = Duration.ofMillis(500);

    /** How many of them a signal has told. */
    private static final int PASSES_TOLD = 100;

    private static final int EXIT_SELECTOR_DIED = 70; // EX_SOFTWARE of sysexits.h

    private final Transcript transcript;
    private final LinePrinter trace;
    private final Show show;
    private final Consumer<ReactorServer> begin;
    private final Runnable end;
    private final List<LinePrinter> printers = new ArrayList<>();
    private final Systemd systemd = Systemd.of(System.getenv());

    /**
     * Prepares to serve.
     *
     * @param transcript prints connects, messages and disconnects; null for none
     * @param trace prints every step; null for none
     * @param show shows the loop at work; null for none
     * @param begin what else comes with the server, once it has started
     * @param end what ends with it
     */
    Serving(Transcript transcript, LinePrinter trace, Show show, Consumer<ReactorServer> begin, Runnable end) {
        this.show = show;
        this.begin = begin;
        this.end = end;
        this.transcript = transcript;
        this.trace = trace;
        if (transcript != null) {
            printers.add(transcript.printer());
        }
        if (trace != null) {
            printers.add(trace);
        }
    }

    /** A printer of the transcript, which starts behind the ready line. */
    static LinePrinter transcript(int perSecond) {
        return new LinePrinter("transcript", System.out, perSecond, LinePrinter.affordable());
    }

    /**
     * A printer of the trace, which starts behind the ready line. Where both are read on one terminal it prints in one
     * order with the transcript.
     *
     * @param transcript null for none
     */
    static LinePrinter trace(LinePrinter transcript) {
        Optional<String> screen = Terminal.of(Terminal.ERR);
        boolean meets = transcript != null && screen.isPresent() && screen.equals(Terminal.of(Terminal.OUT));
        return meets
                ? transcript.beside(System.err, Integer.MAX_VALUE)
                : new LinePrinter("trace", System.err, Integer.MAX_VALUE, LinePrinter.affordable());
    }

    /** Serves until the process receives a signal to end. Returns the exit code. */
    int run(ReactorServer.Builder builder) throws IOException {
        return run(builder, null);
    }

    /**
     * The same.
     *
     * @param reload what SIGHUP does; null if it ends the process
     */
    int run(ReactorServer.Builder builder, Consumer<ReactorServer> reload) throws IOException {
        if (trace != null) { // first: what accept() returned stands before what that means
            builder.observer(new Trace(trace, TraceLayout.of(System.getenv())));
        }
        if (transcript != null) {
            builder.observer(transcript);
        }
        ReactorServer server = start(builder);
        begin.accept(server);
        Thread hook = new Thread(() -> shutDown(server), "shutdown");
        Runtime.getRuntime().addShutdownHook(hook); // first: a signal may follow the line at once
        if (reload != null) {
            Signals.on(Signals.HANGUP, () -> reload(server, reload));
        }
        Signals.on(Signals.USER_1, () -> tell(server.inspection()));
        for (String place : server.listening()) {
            System.out.println("reactor-server listening on " + place); // may block: nothing else
        }
        systemd.ready(whereabouts(server));
        if (!systemd.beatEvery().isZero()) {
            server.heartbeat(systemd.beatEvery(), systemd::beat);
        }
        for (LinePrinter printer : printers) {
            printer.start();
        }
        if (show != null) {
            show.begin(server.inspection());
        }
        new Preload(() -> FlightRecordings.await(server::observe)).start();
        return awaitEnd(server);
    }

    private void reload(ReactorServer server, Consumer<ReactorServer> reload) {
        systemd.reloading("reading certificates, keys and access lists");
        try {
            reload.accept(server);
        } finally {
            systemd.ready(whereabouts(server));
        }
    }

    /** Also if the selector thread is stuck. */
    private static void tell(Inspection server) {
        LOG.info("{}; the last passes:\n{}", server.stats(), server.lastPasses(PASSES_TOLD));
    }

    private static String whereabouts(ReactorServer server) {
        return "listening on " + String.join(", ", server.listening());
    }

    private static ReactorServer start(ReactorServer.Builder builder) throws IOException {
        try {
            ReactorServer server = builder.start();
            for (Notice notice : server.notices()) {
                advise(notice);
            }
            return server;
        } catch (IOException e) {
            throw StartFailure.explained(e, builder.figures().values);
        }
    }

    /** What the command line can do about a limit; the limit itself is in the message. */
    private static void advise(Notice notice) {
        switch (notice.kind()) {
            case ANNOUNCED_IN_VAIN ->
                LOG.warn("other machines get the announcement and cannot connect; with --host 0.0.0.0 they could");
            case MESSAGES_TOO_LONG_FOR_MEMORY ->
                LOG.warn("more --request-memory, or a larger heap, would let messages of --max-message in");
            case FEWER_CONNECTIONS, SHORTER_BACKLOG -> {}
        }
    }

    private static int awaitEnd(ReactorServer server) {
        try {
            server.awaitEnd();
            return 0; // drained by the hook: the process is ending with the signal's exit code
        } catch (Throwable e) { // the selector thread has died, or there is no memory to learn it
            try {
                LOG.error("{}; giving up", e.getMessage(), e.getCause());
                Log.flush(LAST_WORDS);
            } finally { // also if there is no memory left to say so
                Runtime.getRuntime().halt(EXIT_SELECTOR_DIED);
            }
            return EXIT_SELECTOR_DIED;
        }
    }

    /** The reader of the output may have stopped: the end does not wait for it, or not for long. */
    private void shutDown(ReactorServer server) {
        systemd.stopping("draining");
        if (show != null) {
            show.letGo(); // a loop that is held would not drain
        }
        try {
            String report = server.drain().toString();
            end.run();
            if (show != null) {
                show.end();
            }
            long end = System.nanoTime() + LAST_WORDS.toNanos();
            for (LinePrinter printer : printers) {
                printer.close(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            }
            LOG.info(report);
            Log.flush(Duration.ofNanos(Math.max(LAST_LINE.toNanos(), end - System.nanoTime())));
        } catch (IllegalStateException e) {
            LOG.debug("nothing to drain", e);
        }
        systemd.close();
    }
}
