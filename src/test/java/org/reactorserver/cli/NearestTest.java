package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    private static final List<String> NAMES = List.of(
            "--proxy-protocol", "--host", "--port", "--max-message", "--max-connections", "--verbose", "--reply");

    /** An exchange of neighbours is one slip and no two: otherwise a longer name is as near as the one that is meant. */
    @ParameterizedTest
    @CsvSource({
        "--prot, --port",
        "--hots, --host",
        "--rport, --port",
        "--max-mesage, --max-message",
        "--maxmessage, --max-message",
        "--proxyprotokol, --proxy-protocol",
        "--verb, --verbose",
        "--max-c, --max-connections",
        "--max, --max-message --max-connections",
        "--something, ",
        "--p, ",
        "-x, ",
    })
    void whatSomebodyMayHaveMeant(String mistyped, String meant) {
        List<String> expected = meant == null ? List.of() : Arrays.asList(meant.split(" "));
        assertThat(Nearest.to(mistyped, NAMES)).isEqualTo(expected);
    }

    @Test
    void ofShortNamesOneSlipIsAllThatIsForgiven() {
        assertThat(Nearest.to("here", List.of("serve", "man"))).isEmpty();
    }
}
