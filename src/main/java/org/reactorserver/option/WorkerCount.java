package org.reactorserver.option;

/**
 * How many threads handle messages.
 *
 * @param threads 0 if the selector thread does it itself
 * @param isVirtual whether they are virtual threads, as many as are needed; then {@code threads} means nothing
 */
public record WorkerCount(int threads, boolean isVirtual) {
    /** A virtual thread for each session that has messages. Java 21. */
    public static final WorkerCount VIRTUAL = new WorkerCount(Integer.MAX_VALUE, true);

    private static final int MOST = 10_000;
    private static final String VIRTUAL_TEXT = "virtual";

    /** So many threads. */
    public static WorkerCount of(int threads) {
        return new WorkerCount(threads, false);
    }

    /** {@code 4}, {@code virtual}. */
    @Override
    public String toString() {
        return isVirtual ? VIRTUAL_TEXT : Integer.toString(threads);
    }

    static Kind<WorkerCount> kind() {
        Kind<Integer> count = Kind.count(0, MOST);
        return new Kind<>("N|" + VIRTUAL_TEXT) {
            @Override
            String expected() {
                return count.expected() + ", or " + VIRTUAL_TEXT;
            }

            @Override
            WorkerCount parse(String text) {
                Integer threads = count.parse(text);
                return text.equals(VIRTUAL_TEXT) ? VIRTUAL : threads == null ? null : of(threads);
            }

            @Override
            boolean isReadable(String text) {
                return count.isReadable(text) || text.equals(VIRTUAL_TEXT);
            }

            @Override
            String misread(String text) {
                return "'" + text + "': expected a number " + expected();
            }

            @Override
            String text(WorkerCount value) {
                return value.toString();
            }

            @Override
            boolean allows(WorkerCount value) {
                return value.isVirtual() || count.allows(value.threads());
            }
        };
    }
}
