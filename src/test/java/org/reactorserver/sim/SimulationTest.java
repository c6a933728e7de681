package org.reactorserver.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the whole server from thousands of seeds: see {@link Simulation} for what that is.
 *
 * <ul>
 *   <li>{@code -Dsim.seed=N} runs one seed and prints its trace,
 *   <li>{@code -Dsim.seeds=1000000} runs so many, {@code -Dsim.from=N} beginning with another than 0.
 * </ul>
 */
@Tag("simulation")
class SimulationTest {
    private static final int LAST_LINES = 150;

    private final ConcurrentSkipListMap<Long, Throwable> failures = new ConcurrentSkipListMap<>();

    @Test
    void everySeedKeepsThePromises() throws Exception {
        Long seed = Long.getLong("sim.seed");
        if (seed != null) {
            System.out.print(Simulation.trace(seed));
            Simulation.run(seed);
            return;
        }
        long from = Long.getLong("sim.from", 0);
        long count = Long.getLong("sim.seeds", 20_000);
        long began = System.nanoTime();
        runAll(from, from + count);
        if (!failures.isEmpty()) {
            explain(failures.firstKey());
        }
        long millis = (System.nanoTime() - began) / 1_000_000;
        System.out.printf("simulated %d seeds in %d ms%n", count, millis);
    }

    /** Beyond those above, until the dice are thrown otherwise. */
    @ParameterizedTest
    @ValueSource(
            longs = {
                21_607, 31_399, 51_059, 74_885, 80_364, 100_855, 112_309, 114_864, 127_449, 128_475, 171_853, 190_328,
                190_844, 243_075, 267_325, 274_594, 336_397, 341_961, 570_566, 842_981
            })
    void seedsThatHaveFoundSomethingAreWell(long seed) throws Exception {
        Simulation.run(seed);
    }

    @Test
    void theSameSeedIsTheSameRun() throws Exception {
        for (long seed = 0; seed < 50; seed++) {
            assertThat(Simulation.trace(seed)).isEqualTo(Simulation.trace(seed));
        }
    }

    private void runAll(long from, long to) throws InterruptedException {
        AtomicLong next = new AtomicLong(from);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            Thread thread = new Thread(() -> {
                for (long seed = next.getAndIncrement();
                        seed < to && failures.isEmpty();
                        seed = next.getAndIncrement()) {
                    runOne(seed);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void runOne(long seed) {
        try {
            Simulation.run(seed);
        } catch (Throwable e) {
            failures.put(seed, e);
        }
    }

    private void explain(long seed) throws Exception {
        Throwable failure = failures.get(seed);
        String[] lines = Simulation.trace(seed).split("\n");
        System.out.println(lines[0]);
        for (int i = Math.max(1, lines.length - LAST_LINES); i < lines.length; i++) {
            System.out.println(lines[i]);
        }
        fail("%s%nreplay: mvn -q test -Dtest=SimulationTest -Dsim.seed=%d".formatted(failure, seed), failure);
    }
}
