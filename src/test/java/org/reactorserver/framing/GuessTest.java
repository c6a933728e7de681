package org.reactorserver.framing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuessTest {
    private static final Charset GBK = Charset.forName("GBK");

    private static Guess guess(byte[] bytes) {
        return Guess.of(bytes, 0, bytes.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"客户端1正在连接", "你好，世界！", "a 收", "收到客户端信息\n"})
    void chineseInGbkIsRecognised(String text) {
        assertThat(guess(text.getBytes(GBK))).isEqualTo(new Guess(GBK, text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Grüße", "naïve café", "plain", "£5", "", "¡hola!"})
    void latin1IsNotTakenForIt(String text) {
        assertThat(guess(text.getBytes(ISO_8859_1))).isNull();
    }

    /** The first and the last of the characters and of the signs that are taken for Chinese. */
    @ParameterizedTest
    @ValueSource(strings = {"啊", "齄", "　啊", "，啊", "筑", "座"})
    void theBordersBelongToIt(String text) {
        assertThat(guess(text.getBytes(GBK))).isEqualTo(new Guess(GBK, text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"80B0A1", "A4A4B0A1", "AFA1", "F8A1", "B0A0", "B0FF", "A3AC"})
    void whatIsBeyondThemDoesNot(String hexadecimal) {
        assertThat(guess(HexFormat.of().parseHex(hexadecimal))).isNull();
    }

    @Test
    void aCharacterThatIsCutIsLeftOut() {
        assertThat(guess(Arrays.copyOf("收到".getBytes(GBK), 3))).isEqualTo(new Guess(GBK, "收…"));
        assertThat(guess(Arrays.copyOf("收".getBytes(GBK), 1))).isNull();
    }

    @Test
    void neitherIsWhatIsNotText() {
        assertThat(guess(new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 1})).isNull();
        assertThat(guess(new byte[] {(byte) 0xC0, (byte) 0x80})).isNull();
    }

    @Test
    void ofALongOneTheBeginningIsEnough() {
        assertThat(guess("收".repeat(5_000).getBytes(GBK)).text()).isEqualTo("收".repeat(100) + "…");
    }

    @Test
    void theRefusalHasIt() {
        byte[] bytes = "客户端".getBytes(GBK);
        try {
            Utf8.decodeStrictly(bytes, 0, bytes.length);
            throw new AssertionError("it is valid");
        } catch (FramingException e) {
            assertThat(e.guess().text()).isEqualTo("客户端");
            assertThat(e).hasMessage("the message is not valid UTF-8");
        }
    }
}
