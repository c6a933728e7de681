package org.reactorserver.load.measure;

/**
 * What happened in a short time, by the time at which it happened. Filled by the loop, then read by the
 * reporting thread, then used again: so the loop neither allocates nor shares anything that it writes.
 */
public final class Slice {
    /** To which part of a run a slice belongs. */
    public enum Phase {
        CONNECTING,
        WARM_UP,
        MEASURED,
        DRAIN
    }

    public final Samples response = new Samples(); // of measured messages only
    public final Samples service = new Samples(); // of measured messages only
    public final Samples warmUp = new Samples(); // service times of the others
    public final Samples lag = new Samples(); // how late the loop was, as if asked at every moment
    public final Samples sendLag = new Samples(); // how late messages were sent, in the open model

    public Phase phase;
    public long from;
    public long to;
    public long sent;
    public long answered;
    public long bytesSent;
    public long bytesReceived;
    public long errors;
    public int connections; // open at its end
    public long backlog; // messages that were due and had no reply, at its end

    public void begin(Phase phase, long from) {
        this.phase = phase;
        this.from = from;
        this.to = from;
        response.reset();
        service.reset();
        warmUp.reset();
        lag.reset();
        sendLag.reset();
        sent = 0;
        answered = 0;
        bytesSent = 0;
        bytesReceived = 0;
        errors = 0;
    }

    public double seconds() {
        return (to - from) / 1e9;
    }

    /** Adds what followed. */
    public void add(Slice next) {
        response.add(next.response);
        service.add(next.service);
        warmUp.add(next.warmUp);
        lag.add(next.lag);
        sendLag.add(next.sendLag);
        to = next.to;
        sent += next.sent;
        answered += next.answered;
        bytesSent += next.bytesSent;
        bytesReceived += next.bytesReceived;
        errors += next.errors;
        connections = next.connections;
        backlog = next.backlog;
    }
}
