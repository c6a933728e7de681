package org.reactorserver.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.SelectionKey;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What it held last can be read, by any thread, in a form for people. */
@Timeout(60)
class RingTest {
    private static final Pattern KEYS = Pattern.compile("ms  (\\d+) keys?");

    private final Ring ring = new Ring();

    private void pass(long keys, long now) {
        ring.add(Note.PASS, keys, now);
        ring.add(Note.OVER, 0, 1_500_000);
    }

    @Test
    void aPassIsALine() {
        ring.add(Note.SLEEP, 0, 20);
        ring.add(Note.PASS, 2, 1_000_000_000);
        ring.add(Note.READY, 0, SelectionKey.OP_ACCEPT);
        ring.add(Note.READY, 7, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        ring.add(Note.HAND_OFF, 0, 0);
        ring.add(Note.LETTER, 8, 0);
        ring.add(Note.TIMER, 9, 250_000);
        ring.add(Note.SETTLE, 7, 0);
        ring.add(Note.SETTLE, 8, 0);
        ring.add(Note.OVER, 0, 1_500_000);
        pass(1, 1_002_000_000);
        ring.add(Note.SLEEP, 0, 0);
        assertThat(ring.read().text(1_003_000_000, 10)).isEqualTo("""
                sleep 20 ms at most  -3.000 ms  2 keys  ready -:a 7:rw  hand-off  letters 8  timers 9(+0.250 ms)  settle 7 8  over after 1.500 ms
                -1.000 ms  1 key  over after 1.500 ms
                sleep
                """);
        assertThat(ring.read().text(1_003_000_000, 1)).isEqualTo("sleep\n");
    }

    @Test
    void aLongRowIsCut() {
        ring.add(Note.PASS, 0, 0);
        for (int i = 1; i <= 100; i++) {
            ring.add(Note.SETTLE, i, 0);
        }
        ring.add(Note.OVER, 0, 0);
        assertThat(ring.read().text(0, 10)).endsWith(" 31 32 and 68 more  over after 0.000 ms\n");
    }

    @Test
    void aPassThatIsNotOverIsKnownWithItsBeginning() {
        assertThat(ring.read().unfinishedSince()).as("before the first").isNull();
        ring.add(Note.PASS, 1, 1_000);
        assertThat(ring.read().unfinishedSince()).isEqualTo(1_000);
        ring.add(Note.SETTLE, 7, 2_000);
        assertThat(ring.read().unfinishedSince()).isEqualTo(1_000);
        ring.add(Note.OVER, 0, 3_000);
        assertThat(ring.read().unfinishedSince()).isNull();
        ring.add(Note.PASS, 1, 4_000);
        assertThat(ring.read().unfinishedSince()).isEqualTo(4_000);
        ring.add(Note.SLEEP, 0, 20);
        assertThat(ring.read().unfinishedSince()).as("it sleeps").isNull();
        ring.add(Note.PASS, 0, 5_000);
        for (int i = 0; i < 2 * Ring.EVENTS; i++) {
            ring.add(Note.SETTLE, i, 0);
        }
        assertThat(ring.read().unfinishedSince())
                .as("its beginning is overwritten")
                .isNull();
    }

    @Test
    void withNothingInItItSaysNothing() {
        assertThat(ring.read().text(0, 10)).isEmpty();
    }

    @Test
    void theOldestAreForgotten() {
        for (int i = 0; i < 2 * Ring.EVENTS; i++) {
            pass(i, i);
        }
        List<String> lines = ring.read().text(0, Integer.MAX_VALUE).lines().toList();
        assertThat(lines)
                .hasSize(Ring.EVENTS / 2); // but for the one that may be written over: it has lost its beginning
        assertThat(lines.get(lines.size() - 1)).contains((2 * Ring.EVENTS - 1) + " keys");
    }

    /** Whatever is read while it is written, is consecutive. */
    @Test
    void itCanBeReadWhileItIsWritten() {
        AtomicBoolean ended = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (long i = 0; !ended.get(); i++) {
                pass(i, i);
            }
        });
        for (int i = 0; i < 300; i++) {
            Matcher keys = KEYS.matcher(ring.read().text(0, Integer.MAX_VALUE));
            long last = -1;
            while (keys.find()) {
                long next = Long.parseLong(keys.group(1));
                assertThat(last < 0 || next == last + 1)
                        .as("%d follows %d", next, last)
                        .isTrue();
                last = next;
            }
        }
        ended.set(true);
        writer.join();
    }
}
