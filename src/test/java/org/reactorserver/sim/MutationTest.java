package org.reactorserver.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that the simulation can fail: {@code -Dsim.mutations=all}, or with a part of a name, plants one
 * bug after the other into a copy of the production code and looks for the first seed that shows it.
 */
@Tag("simulation")
class MutationTest {
    private static final List<Long> SEEDS_TO_CATCH = new ArrayList<>();

    @TempDir
    private Path directory;

    @Test
    void everyMutationStillApplies() {
        assertAll(Mutation.ALL.stream().map(mutation -> () -> MutationHunt.mutate(mutation)));
    }

    @TestFactory
    @EnabledIfSystemProperty(named = "sim.mutations", matches = ".+")
    Stream<DynamicTest> everyMutationIsCaught() {
        String wanted = System.getProperty("sim.mutations");
        return Mutation.ALL.stream()
                .filter(mutation -> wanted.equals("all") || mutation.name().contains(wanted))
                .map(mutation -> DynamicTest.dynamicTest(mutation.name(), () -> catchIt(mutation)));
    }

    private void catchIt(Mutation mutation) throws Exception {
        MutationHunt hunt = new MutationHunt(mutation);
        boolean isCaught =
                hunt.catches(Long.getLong("sim.seeds", 20_000), directory); // which the code without it survives
        System.out.printf("%-60s %s%n", mutation.name(), isCaught ? hunt.complaint() : "NOT CAUGHT");
        assertThat(isCaught)
                .as("%s: some of %d seeds shows it", mutation.name(), hunt.seed())
                .isTrue();
        SEEDS_TO_CATCH.add(hunt.seed() + 1);
    }

    @AfterAll
    static void tellHowSoon() {
        if (!SEEDS_TO_CATCH.isEmpty()) {
            Collections.sort(SEEDS_TO_CATCH);
            int count = SEEDS_TO_CATCH.size();
            System.out.printf(
                    "%d planted bugs are caught, half of them by %d seeds, nine of ten by %d, the last by %d%n",
                    count,
                    SEEDS_TO_CATCH.get((count - 1) / 2),
                    SEEDS_TO_CATCH.get((9 * count + 9) / 10 - 1),
                    SEEDS_TO_CATCH.get(count - 1));
        }
    }
}
