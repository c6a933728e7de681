package org.reactorserver.load;

/**
 * What happened in a short time, by the time at which it happened. Filled by the loop, then read by the
 * reporting thread, then used again: so the loop neither allocates nor shares anything that it writes.
 */
final class Slice {
    /** To which part of a run a slice belongs. */
    enum Phase {
        CONNECTING,
        WARM_UP,
        MEASURED,
        DRAIN
    }

    final Samples response = new Samples(); // of measured messages only
    final Samples service = new Samples(); // of measured messages only
    final Samples warmUp = new Samples(); // service times of the others
    final Samples lag = new Samples(); // how late this client was itself

    Phase phase;
    long from;
    long to;
    long sent;
    long answered;
    long bytesSent;
    long bytesReceived;
    long errors;
    int connections; // open at its end
    long outstanding; // at its end

    void begin(Phase phase, long from) {
        this.phase = phase;
        this.from = from;
        this.to = from;
        response.reset();
        service.reset();
        warmUp.reset();
        lag.reset();
        sent = 0;
        answered = 0;
        bytesSent = 0;
        bytesReceived = 0;
        errors = 0;
    }

    double seconds() {
        return (to - from) / 1e9;
    }

    /** Adds what followed. */
    void add(Slice next) {
        response.add(next.response);
        service.add(next.service);
        warmUp.add(next.warmUp);
        lag.add(next.lag);
        to = next.to;
        sent += next.sent;
        answered += next.answered;
        bytesSent += next.bytesSent;
        bytesReceived += next.bytesReceived;
        errors += next.errors;
        connections = next.connections;
        outstanding = next.outstanding;
    }
}
