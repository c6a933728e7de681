package org.reactorserver.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PluralTest {
    @ParameterizedTest
    @CsvSource({
        "1, session, 1 session",
        "0, session, 0 sessions",
        "2, reply, 2 replies",
        "1, reply, 1 reply",
        "2, key, 2 keys"
    })
    void ofOneThereIsNone(long count, String noun, String text) {
        assertThat(Plural.of(count, noun)).isEqualTo(text);
    }
}
