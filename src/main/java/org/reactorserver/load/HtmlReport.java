package org.reactorserver.load;
/** Stub. */
public final class HtmlReport {
    private HtmlReport() {}
    /** Stub. */
    public static String of(Report r) {
        return "";
    }
}
