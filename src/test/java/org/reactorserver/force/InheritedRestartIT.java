package org.reactorserver.force;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.reactorserver.helper.InheritedRestart;

/** A server that inherits its listening socket is restarted, and no client is refused. */
class InheritedRestartIT {

    @Test
    void no_request_is_lost_while_a_server_is_restarted_three_times() throws Exception {
        assumeTrue(InheritedRestart.isPossible(), "skipped: there is no python3 to pass the socket on");
        InheritedRestartForce.run(3, 3_000);
    }
}
