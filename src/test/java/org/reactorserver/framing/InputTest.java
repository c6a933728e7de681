package org.reactorserver.framing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a framing may look at: the bytes of its next message, and none before and behind these. */
class InputTest {
    private static final int FROM = 3;

    /** Those of the text, in the midst of others. */
    private static Framing.Input input(String text) {
        Framing.Input input = new Framing.Input(Binary.INSTANCE, 100);
        input.bytes = ("abc" + text + "xyz").getBytes(US_ASCII);
        input.from = FROM;
        input.searched = FROM;
        input.to = FROM + text.length();
        input.reset();
        return input;
    }

    @Test
    void itsBytesAreThoseOfTheNextMessages() throws FramingException {
        Framing.Input input = input("0123");
        assertThat(input.length()).isEqualTo(4);
        assertThat(input.get(0)).isEqualTo((byte) '0');
        assertThat(input.get(3)).isEqualTo((byte) '3');
        assertThat(input.number(2, 2, ByteOrder.BIG_ENDIAN)).isEqualTo(0x3233);
        assertThat(input.copy(1, 4)).isEqualTo("123".getBytes(US_ASCII));
        input.message(0, 1, 2);
        assertThat(input.length()).isEqualTo(2);
        assertThat(input.get(0)).isEqualTo((byte) '2');
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 4, 5, 1_000})
    void thereAreNoOthers(int index) {
        Framing.Input input = input("0123");
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> input.get(index));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> input.number(index, 1, ByteOrder.BIG_ENDIAN));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> input.number(index - 1, 2, ByteOrder.BIG_ENDIAN));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> input.copy(index, index + 1));
    }

    @Test
    void whatWasSearchedInVainIsNotSearchedAgain() {
        Framing.Input input = input("0120");
        assertThat(input.find((byte) 'x')).isEqualTo(-1);
        assertThat(input.searched()).isEqualTo(4);
        assertThat(input.find((byte) '0')).isEqualTo(-1);
        input.searched(0);
        assertThat(input.find((byte) '0')).isZero();
        assertThat(input.searched()).isZero();
        assertThat(input.find((byte) '0')).isZero();
    }

    @Test
    void theFirstByteOfTheArrayCanBeFoundTwice() {
        Framing.Input input = new Framing.Input(Binary.INSTANCE, 100);
        input.bytes = "0120".getBytes(US_ASCII);
        input.to = 4;
        assertThat(input.find((byte) '0')).isZero();
        assertThat(input.find((byte) '0')).isZero();
        assertThat(input.find((byte) '0', (byte) '1')).isZero();
        assertThat(input.find((byte) '0', (byte) '1')).isZero();
    }

    @Test
    void ofSeveralBytesTheLastOnesMayBeTheBeginning() {
        Framing.Input input = input("0120");
        assertThat(input.find((byte) '0', (byte) '0', (byte) '0')).isEqualTo(-1);
        assertThat(input.searched()).isEqualTo(2);
        assertThat(input.find((byte) '2', (byte) '0')).isEqualTo(2);
        assertThat(input.searched()).isEqualTo(2);
        assertThat(input("0").find((byte) '0', (byte) 'x')).isEqualTo(-1);
    }

    @Test
    void whatIsRememberedAsSearchedIsInTheInput() {
        Framing.Input input = input("0120");
        input.searched(4);
        assertThat(input.searched()).isEqualTo(4);
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> input.searched(5));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> input.searched(-1));
    }

    @ParameterizedTest
    @CsvSource({"-1,1,1", "2,1,2", "0,2,1", "0,0,0", "0,4,5", "0,4,7"})
    void whatIsNoMessageIsRefused(int start, int end, int behind) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> input("0123").message(start, end, behind))
                .withMessageContaining("its end at %d of 4 bytes", behind);
    }

    @Test
    void thereIsOneMessageAtATime() throws FramingException {
        Framing.Input input = input("0123");
        input.message(new byte[] {1}, 2);
        assertThat(input.made).containsExactly(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> input.message(0, 1, 1))
                .withMessage("no message: its payload from %d to %d, its end at 1 of 2 bytes, and there is one already"
                        .formatted(FROM + 2, FROM + 3));
        input.reset();
        assertThat(input.made).isNull();
        input.message(0, 2, 2);
        assertThat(input.length()).isZero();
    }

    @Test
    void aMessageBeginsWithoutAState() throws FramingException {
        Framing.Input input = input("0123");
        input.state(7);
        input.searched(3);
        input.message(0, 1, 1);
        assertThat(input.state()).isZero();
        assertThat(input.searched()).isZero();
    }
}
