package org.reactorserver.load.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {

    private static String text(Payload payload, long id, long seq) {
        return new String(payload.render(id, seq), UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "hello, hello",
        "{id}, 12",
        "{seq}{id}, 34512",
        "客户端{id}正在连接, 客户端12正在连接",
        "a {seq} b {id} c {seq}, a 345 b 12 c 345",
        "{ id} {id {{}id} {}, { id} {id {id} {}",
    })
    void aTemplateIsFilledIn(String template, String filled) {
        assertThat(text(Payload.of(template, false), 12, 345)).isEqualTo(filled);
    }

    @Test
    void bytesCanBeWrittenAsEscapes() {
        assertThat(text(Payload.of("*2\\r\\n{id}\\x41\\{{}\\\\", true), 12, 345))
                .isEqualTo("*2\r\n12A{\\");
    }

    @Test
    void aNameThatStandsForNothingIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Payload.of("{id} {nope}", false))
                .withMessageContainingAll("'{nope}' stands for nothing", "{id}", "{seq}", "{{}");
    }

    @Test
    void numbersOfAnyLengthFit() {
        Payload payload = Payload.of("<{seq}>", false);
        for (long seq = 1; seq < Long.MAX_VALUE / 10; seq = seq * 10 + 7) {
            assertThat(text(payload, 1, seq)).isEqualTo("<" + seq + ">");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 17, 18, 64, 100_000})
    void aSizeIsExactAndNeighboursDiffer(int size) {
        Payload payload = Payload.ofSize(size, 1);
        String first = text(payload, 3, 41);
        assertThat(first.getBytes(UTF_8)).hasSize(size);
        assertThat(text(payload, 3, 42)).isNotEqualTo(first).hasSameSizeAs(first);
        if (size >= 18) {
            assertThat(first).startsWith("000003 0000000041 ");
        }
        if (size > 1) { // one digit is not enough for both
            assertThat(text(payload, 4, 41)).isNotEqualTo(first);
        }
    }

    /** However one number follows another, the bytes are those that would be made from nothing. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 17, 18, 64})
    void whatCameBeforeDoesNotMatter(int size) {
        Payload payload = Payload.ofSize(size, 1);
        long[] seqs = {1, 2, 3, 9, 10, 11, 11, 99, 100, 5, 6, 999_999_999_9L, 10_000_000_000L, 0, 1, 2};
        for (long id = 1; id < 12; id++) {
            for (long seq : seqs) {
                assertThat(text(payload, id / 2, seq)).isEqualTo(text(Payload.ofSize(size, 1), id / 2, seq));
            }
        }
    }

    @Test
    void theSeedDecidesAboutTheBytes() {
        assertThat(text(Payload.ofSize(64, 7), 1, 1)).isEqualTo(text(Payload.ofSize(64, 7), 1, 1));
        assertThat(text(Payload.ofSize(64, 7), 1, 1)).isNotEqualTo(text(Payload.ofSize(64, 8), 1, 1));
    }

    @Test
    void itKnowsWhetherRepliesCanBeToldApart() {
        assertThat(Payload.of("x", false).isUnique()).isFalse();
        assertThat(Payload.of("x {id}", false).isUnique()).isFalse();
        assertThat(Payload.of("x {seq}", false).isUnique()).isTrue();
        assertThat(Payload.ofSize(8, 1).isUnique()).isTrue();
    }
}
