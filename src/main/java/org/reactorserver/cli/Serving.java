package org.reactorserver.cli;

import java.io.IOException;
import java.net.BindException;
import java.net.UnknownHostException;
import org.reactorserver.MessageHandler;
import org.reactorserver.ReactorServer;
import org.reactorserver.ServerObserver;
import org.reactorserver.framing.Framing;
import org.reactorserver.text.Addresses;
import org.reactorserver.text.Log;

/** A server in its process: from the ready line through the transcript to the drain at the end. */
final class Serving {
    static final String DEFAULT_REPLY = "收到客户端信息";

    /** Most lines of a transcript in a second, unless all are asked for. */
    static final int TRANSCRIPT_PER_SECOND = 200;

    private static final int EXIT_SELECTOR_DIED = 70; // EX_SOFTWARE of sysexits.h

    private final LinePrinter transcript;
    private final LinePrinter trace;

    /**
     * Prepares to serve.
     *
     * @param transcript prints who comes, what is said and who leaves; null for none
     * @param trace prints every step; null for none
     */
    Serving(LinePrinter transcript, LinePrinter trace) {
        this.transcript = transcript;
        this.trace = trace;
    }

    /** What {@code serve} does without an option: the tutorial's server. */
    static int withDefaults() throws IOException {
        LinePrinter transcript = new LinePrinter("transcript", System.out, TRANSCRIPT_PER_SECOND);
        MessageHandler handler = (session, message) -> session.send(DEFAULT_REPLY);
        return new Serving(transcript, null)
                .run(ReactorServer.builder(Framing.chunks()).handler(handler));
    }

    /** Serves until the process is told to end. Returns the exit code. */
    int run(ReactorServer.Builder builder) throws IOException {
        ReactorServer server = start(builder.observer(observer()));
        Thread hook = new Thread(() -> shutDown(server), "shutdown");
        Runtime.getRuntime().addShutdownHook(hook); // first: a signal may follow the line at once
        System.out.println("reactor-server listening on " + Addresses.text(server.address()));
        return awaitEnd(server);
    }

    private static ReactorServer start(ReactorServer.Builder builder) throws IOException {
        try {
            return builder.start();
        } catch (BindException | UnknownHostException e) {
            throw new IOException(e.getMessage() + hint(e.getMessage()), e);
        }
    }

    private static String hint(String problem) {
        if (problem.endsWith("Address already in use")) {
            return "; another program listens there, or did a moment ago: choose another --port (0 for any)";
        }
        if (problem.endsWith("Permission denied")) {
            return "; ports below 1024 are for root: choose another --port";
        }
        return "; --host must be an address of this machine or a name for one, or 0.0.0.0 for all";
    }

    private ServerObserver observer() {
        ServerObserver said = transcript == null ? ServerObserver.NONE : new Transcript(transcript);
        return trace == null ? said : new Trace(trace, said);
    }

    private static int awaitEnd(ReactorServer server) {
        try {
            server.awaitEnd();
            return 0; // drained by the hook: the process is ending with the signal's exit code
        } catch (Throwable e) { // the selector thread has died, or there is no memory to learn it
            try {
                Log.LOG.error("{}; giving up", e.getMessage(), e.getCause());
            } finally { // also if there is no memory left to say so
                Runtime.getRuntime().halt(EXIT_SELECTOR_DIED);
            }
            return EXIT_SELECTOR_DIED;
        }
    }

    private void shutDown(ReactorServer server) {
        try {
            String report = server.drain().toString();
            if (transcript != null) {
                transcript.close();
            }
            if (trace != null) {
                trace.close();
            }
            Log.LOG.info(report);
        } catch (IllegalStateException e) {
            Log.LOG.debug("nothing to drain", e);
        }
    }
}
