package org.reactorserver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LinePrinterTest {
    private static final Pattern LEFT_OUT = Pattern.compile("… (\\d+) more events left out");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, false, UTF_8);

    private List<String> printed() {
        return bytes.toString(UTF_8).lines().toList();
    }

    private List<String> events() {
        return printed().stream()
                .filter(line -> !LEFT_OUT.matcher(line).matches())
                .toList();
    }

    private long leftOut() {
        return printed().stream()
                .map(LEFT_OUT::matcher)
                .filter(Matcher::matches)
                .mapToLong(count -> Long.parseLong(count.group(1)))
                .sum();
    }

    @Test
    void printsEverythingInOrderBeforeItIsClosed() {
        try (LinePrinter printer = new LinePrinter("test", out, Integer.MAX_VALUE)) {
            for (int i = 0; i < 5_000; i++) {
                int number = i;
                printer.print(() -> "line " + number);
            }
        }
        assertThat(printed())
                .isEqualTo(IntStream.range(0, 5_000).mapToObj(i -> "line " + i).toList());
    }

    @Test
    void aLineThatCannotBeMadeHarmsNoOther() {
        try (LinePrinter printer = new LinePrinter("test", out, Integer.MAX_VALUE)) {
            printer.print(() -> "before");
            printer.print(() -> {
                throw new IllegalStateException("of no line");
            });
            printer.print(() -> "behind");
        }
        assertThat(printed())
                .containsExactly("before", "… a line that cannot be made: IllegalStateException: of no line", "behind");
    }

    @Test
    void makesTheTextOnItsOwnThread() {
        try (LinePrinter printer = new LinePrinter("printer-thread", out, Integer.MAX_VALUE)) {
            printer.print(() -> Thread.currentThread().getName());
        }
        assertThat(printed()).containsExactly("printer-thread");
    }

    @Test
    void keepsTheLinesOfManyThreadsWhole() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        try (LinePrinter printer = new LinePrinter("test", out, Integer.MAX_VALUE)) {
            for (int t = 0; t < 4; t++) {
                int author = t;
                Thread thread = new Thread(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        int number = i;
                        printer.print(() -> author + ":" + number);
                    }
                });
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertThat(printed()).hasSize(4_000);
        for (int t = 0; t < 4; t++) {
            String author = t + ":";
            assertThat(printed().stream().filter(line -> line.startsWith(author)))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 1_000).mapToObj(i -> author + i).toList());
        }
    }

    @Test
    void printsSoManyInASecondAndCountsTheOthers() {
        try (LinePrinter printer = new LinePrinter("test", out, 5)) {
            for (int i = 0; i < 10_000; i++) {
                printer.print(() -> "event");
            }
        }
        assertThat(events()).hasSizeBetween(5, 500); // 5 a second, and it is not that slow
        assertThat(events().size() + leftOut()).isEqualTo(10_000);
    }

    @Test
    void holdsNobodyUpAndKeepsABoundedNumberWhenTheStreamIsStuck() throws InterruptedException {
        StuckStream stuck = new StuckStream(bytes);
        try (LinePrinter printer = new LinePrinter("test", new PrintStream(stuck, false, UTF_8), Integer.MAX_VALUE)) {
            printer.print(() -> "first");
            stuck.awaitStuck();
            for (int i = 0; i < 100_000; i++) {
                printer.print(() -> "event"); // would hang here
            }
            stuck.release();
        }
        assertThat(events()).hasSizeBetween(1_000, 50_000).startsWith("first", "event");
        assertThat(events().size() + leftOut()).isEqualTo(100_001);
    }

    @Test
    void whatWaitsHoldsABoundedAmountOfText() throws InterruptedException {
        StuckStream stuck = new StuckStream(bytes);
        PrintStream stream = new PrintStream(stuck, false, UTF_8);
        try (LinePrinter printer = new LinePrinter("test", stream, Integer.MAX_VALUE, 1_000_000)) {
            printer.start();
            printer.print("first", () -> "first");
            stuck.awaitStuck();
            for (int i = 0; i < 1_000; i++) {
                String message = "x".repeat(65_000);
                printer.print(message, () -> message.substring(0, 1)); // 130 kB each: seven fit
            }
            for (int i = 0; i < 100; i++) {
                printer.print(() -> "short"); // there is still room for these
            }
            stuck.release();
        }
        assertThat(events()).filteredOn("x"::equals).hasSize(7);
        assertThat(events()).filteredOn("short"::equals).hasSize(100);
        assertThat(leftOut()).isEqualTo(993);
    }

    @Test
    void whatWasPrintedIsHeldNoMore() {
        String message = "x".repeat(400);
        // room for two: what was printed is seen here before it is held no more
        try (LinePrinter printer = new LinePrinter("test", out, Integer.MAX_VALUE, 2_200)) {
            printer.start();
            for (int i = 1; i <= 1_000; i++) {
                int before = printedLines();
                printer.print(message, () -> "event");
                while (printedLines() == before) { // or it hangs here
                    Thread.onSpinWait();
                }
            }
        }
        assertThat(leftOut()).isZero();
    }

    private int printedLines() {
        return (int) printed().stream().count();
    }

    @Test
    void aLineAloneIsPrintedHoweverLongItIs() {
        try (LinePrinter printer = new LinePrinter("test", out, Integer.MAX_VALUE, 10)) {
            printer.start();
            printer.print("longer than ten bytes", () -> "event");
        }
        assertThat(events()).containsExactly("event");
    }

    @Test
    void closingEndsWhenItWasNeverStarted() {
        LinePrinter printer = new LinePrinter("test", out, Integer.MAX_VALUE, 1_000_000);
        printer.print(() -> "event");
        assertThat(printer.close(java.time.Duration.ofMinutes(10))).isFalse();
        assertThat(printed()).isEmpty();
    }

    @Test
    void closingEndsWhenTheStreamIsStuck() throws InterruptedException {
        StuckStream stuck = new StuckStream(bytes);
        LinePrinter printer = new LinePrinter("test", new PrintStream(stuck, false, UTF_8), Integer.MAX_VALUE);
        printer.print(() -> "first");
        stuck.awaitStuck();
        printer.close();
        assertThat(printed()).isEmpty();
        stuck.release();
    }

    /** Takes nothing, like a terminal that is stopped, until it is released. */
    private static final class StuckStream extends OutputStream {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private final OutputStream target;

        StuckStream(OutputStream target) {
            this.target = target;
        }

        void awaitStuck() throws InterruptedException {
            assertThat(reached.await(30, TimeUnit.SECONDS))
                    .as("has been written to")
                    .isTrue();
        }

        void release() {
            released.countDown();
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            reached.countDown();
            try {
                released.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            target.write(bytes, offset, length);
        }
    }

    /** Both streams meet in one, as on a terminal. */
    @Test
    void twoPrintersBesideEachOtherPrintInOneOrder() {
        PrintStream other = new PrintStream(bytes, false, UTF_8);
        List<String> expected = new ArrayList<>();
        try (LinePrinter one = new LinePrinter("test", out, Integer.MAX_VALUE, 1_000_000)) {
            LinePrinter second = one.beside(other, Integer.MAX_VALUE);
            for (int i = 0; i < 500; i++) {
                String line = "line " + i;
                (i % 3 == 0 ? second : one).print(() -> line);
                expected.add(line);
            }
            one.start();
            second.start();
        }
        assertThat(bytes.toString(UTF_8).lines()).containsExactlyElementsOf(expected);
    }
}
