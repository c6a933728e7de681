package org.reactorserver.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointTest {

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1:1", "::, [::]:1", "[::1], [::1]:1", "localhost, localhost:1"})
    void itsText(String host, String text) {
        assertThat(Endpoint.tcp(host, 1)).hasToString(text);
    }

    @Test
    void aPortThatThereCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> Endpoint.tcp("127.0.0.1", 65_536));
    }
}
