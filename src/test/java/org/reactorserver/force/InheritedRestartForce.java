package org.reactorserver.force;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactorserver.helper.InheritedRestart;

/** The same as {@link InheritedRestartIT}, as often as it was promised. */
class InheritedRestartForce {

    @Test
    void no_request_is_lost_while_a_server_is_restarted_twenty_times() throws Exception {
        assumeTrue(InheritedRestart.isPossible(), "skipped: there is no python3 to pass the socket on");
        run(20, 20_000);
    }

    static void run(int restarts, long requests) throws InterruptedException {
        InheritedRestart inherited = new InheritedRestart(restarts, requests);
        inherited.run();
        System.out.printf(
                "restarts with an inherited socket: %d restarts, %d requests answered, %d lost%n",
                restarts, inherited.answered(), inherited.lost().size());
        assertThat(inherited.lost()).isEmpty();
        assertThat(inherited.answered()).isGreaterThanOrEqualTo(requests);
        List<String> reports = inherited.reports();
        assertThat(reports)
                .as("a report of the drain and the exit code of each")
                .hasSize(2 * (restarts + 1));
        for (int i = 0; i < reports.size(); i += 2) {
            assertThat(reports.get(i)).contains("0 messages and 0 replies dropped, 0 sessions forced");
            assertThat(reports.get(i + 1)).isEqualTo("ended 143");
        }
    }
}
