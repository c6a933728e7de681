package org.reactorserver.sim;

/** What the server can know of a kernel that refuses to watch a connection and does not say so. */
final class Unwatched {
    private int refusals; // since a select last told of it
    private int mostRefusals;
    private int findings; // reads that found something without the selector, in a row
    private boolean reads;

    /** The kernel has refused to watch it. */
    void onRefused() {
        mostRefusals = Math.max(mostRefusals, ++refusals);
    }

    /** A select has told of it. */
    void onReported() {
        refusals = 0;
        findings = 0;
    }

    /** The server asks for input, or no longer. */
    void onAsked(boolean asksForInput) {
        reads = asksForInput;
        findings = reads ? findings : 0; // when it asks again it may be watched
    }

    /** The server has looked without being told, and has found something. */
    void onFound() {
        findings++;
    }

    /** How often the kernel has refused, at most, with no select telling of it in between. */
    int mostRefusals() {
        return mostRefusals;
    }

    /** Whether the server has had its proof and goes on all the same. */
    boolean isIgnored() {
        return reads && findings >= 2;
    }
}
