package org.reactorserver.wire;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * The TLS of a server that runs: makes an engine for each connection, by the keys as they were last read. New ones are
 * tried out before they take the place of the old ones, and concern connections that come from then on. Any thread.
 */
public final class LiveTls {
    private static final String ANY_NAME = "localhost";
    private static final String WILDCARD = "*";

    /** What came of a look at the files. */
    public enum Outcome {
        /** They are as they were, also if they were wrong; there is nothing to say. */
        UNCHANGED,
        /** New connections use what they say now. */
        RELOADED,
        /** They cannot be used; what they said before stays in use. */
        KEPT
    }

    /**
     * What came of a look at the files.
     *
     * @param text the reason why they cannot be used, in a line; what is wrong with the new ones nevertheless, as
     *     their dates, in a line each; otherwise empty
     */
    public record Reload(Outcome outcome, List<String> text) {}

    private final Tls tls;
    private volatile TlsContext current;
    private volatile Tls.Loaded loaded; // null where the keys are an SSLContext's

    // guarded by this
    private TlsFiles files; // as they were when last looked at
    private volatile String problem = ""; // because of which they could not be read then; others may look

    /**
     * Reads the files and shakes hands with itself, which takes a tenth of a second in a new JVM.
     *
     * @throws TlsFileException if a file cannot be used
     * @throws SSLException if no handshake comes about
     */
    public LiveTls(Tls tls) throws IOException {
        this.tls = tls;
        if (tls.contexts() == null) {
            files = tls.read();
            use(files);
        } else {
            current = tryOut(new TlsContext(tls.contexts().get(), tls.alpn()), List.of());
        }
    }

    /** What is wrong with the files though they are used, a line each: dates that are over, or not there yet. */
    public List<String> untimely(Instant now) {
        Tls.Loaded used = loaded;
        return used == null ? List.of() : used.untimely(now);
    }

    /** What is wrong at this time, or soon will be, a line each: dates, and new files that cannot be used. */
    public List<String> faults(Instant now) {
        List<String> faults = new ArrayList<>(untimely(now));
        Tls.Loaded used = loaded;
        faults.addAll(used == null ? List.of() : used.expiring(now));
        String kept = problem;
        if (!kept.isEmpty()) {
            faults.add("the certificates and keys stay as they were: " + kept);
        }
        return faults;
    }

    /** Any thread: what new connections are spoken to by, for a person. */
    public String shown() {
        List<String> parts = new ArrayList<>();
        parts.add(String.join(", ", current.protocols()));
        Tls.Loaded used = loaded;
        parts.addAll(used == null ? List.of() : used.shown());
        if (tls.demandsClient()) {
            parts.add("clients must show a certificate");
        }
        return String.join("; ", parts);
    }

    /** For one connection, on the server's side. */
    public SSLEngine engine() throws SSLException {
        if (tls.contexts() != null) {
            SSLContext context = tls.contexts().get();
            if (context != current.context()) {
                current = new TlsContext(context, tls.alpn());
            }
        }
        return current.server(tls.demandsClient());
    }

    /**
     * Looks at the files' content, and uses what they say if that is new and good. Waits for the disk, and for a
     * handshake: not for the loop's thread. A supplier of an SSLContext is asked for each connection anyway.
     */
    public synchronized Reload reload() {
        if (tls.contexts() != null) {
            return new Reload(Outcome.UNCHANGED, List.of());
        }
        try {
            TlsFiles read = tls.read();
            if (read.equal(files)) {
                problem = "";
                return new Reload(Outcome.UNCHANGED, List.of());
            }
            files = read; // also if they are wrong: that is logged once
            use(read);
            problem = "";
            return new Reload(Outcome.RELOADED, untimely(Instant.now()));
        } catch (IOException e) {
            boolean isTold = problem.equals(e.getMessage());
            problem = e.getMessage();
            return isTold ? new Reload(Outcome.UNCHANGED, List.of()) : new Reload(Outcome.KEPT, List.of(problem));
        }
    }

    private void use(TlsFiles read) throws IOException {
        Tls.Loaded good = tls.load(read);
        current = tryOut(good.context(), good.names());
        loaded = good;
    }

    /** With each name that it has a certificate for. */
    private TlsContext tryOut(TlsContext context, List<String> names) throws SSLException {
        TlsContext client = new TlsContext(TlsContext.jdk(null, new TrustAll()), tls.alpn());
        List<String> asked = names.isEmpty() ? List.of(ANY_NAME) : names;
        for (String name : asked) {
            String host = name.startsWith(WILDCARD) ? name.replace(WILDCARD, "any") : name;
            TlsTrial.run(context.server(false), client.client(host, 0, false)); // it has no certificate to show
        }
        return context;
    }
}
