package org.reactorserver.force;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.reactorserver.helper.HaProxy;
import org.reactorserver.helper.RollingRestart;

/** A rolling restart, done as docs/operations.md says, loses nothing. */
class RollingRestartIT {

    @Test
    void no_request_is_lost_while_two_servers_are_restarted_three_times_each() throws Exception {
        assumeTrue(HaProxy.isInstalled(), "skipped: haproxy is not installed");
        RollingRestart rolling = new RollingRestart(true, 6, 50_000);
        rolling.run();
        System.out.printf(
                "rolling restart: 6 restarts, %d requests answered, %d lost%n",
                rolling.answered(), rolling.lost().size());
        assertThat(rolling.lost()).isEmpty();
        assertThat(rolling.answered()).isGreaterThanOrEqualTo(50_000);
    }
}
