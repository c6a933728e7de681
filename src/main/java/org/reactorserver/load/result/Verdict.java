package org.reactorserver.load.result;

/** What a run shows. */
public enum Verdict {
    /** Every reply was right and every objective was met. */
    PASS(0),
    /** A reply, a connection or an objective failed. */
    FAIL(1),
    /** It was ended early; what was seen until then is right. */
    PARTIAL(0),
    /** The figures are not the server's: the client was the bottleneck, or the rate was not offered. */
    INVALID(3);

    private final int exitCode;

    Verdict(int exitCode) {
        this.exitCode = exitCode;
    }

    /** The exit code of a process that says so. */
    public int exitCode() {
        return exitCode;
    }
}
