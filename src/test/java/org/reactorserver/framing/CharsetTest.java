package org.reactorserver.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reactorserver.framing.Receiver.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.helper.Forms;

/** Texts in any charset: whole, strictly or with replacements, and not with a framing that could not tell them apart. */
class CharsetTest {
    private static final String CHINESE = "客户端1连接成功，a中文€";

    @ParameterizedTest
    @ValueSource(
            strings = {"GBK", "GB18030", "Big5", "Shift_JIS", "EUC-JP", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-8"})
    void aCharacterIsNeverTornBetweenReadsOrChunks(String name) throws Exception {
        Charset charset = Charset.forName(name);
        String text = new String("客戶端1連接成功,中文abc漢字🚀".getBytes(charset), charset);
        byte[] stream = text.getBytes(charset);
        for (boolean replaces : new boolean[] {false, true}) {
            for (int maxMessage : new int[] {4, 5, 7, 100}) {
                for (int split = 0; split <= stream.length; split++) {
                    StringBuilder seen = new StringBuilder();
                    Decoder<String> decoder =
                            new Decoder<>(Framing.chunks(), maxMessage, new Text(charset, replaces), 1024);
                    Residue residue = read(decoder, null, Arrays.copyOf(stream, split), seen);
                    residue = read(decoder, residue, Arrays.copyOfRange(stream, split, stream.length), seen);
                    assertThat(seen.toString()).as("split at %d", split).isEqualTo(text);
                    assertThat(residue).isNull();
                }
            }
        }
    }

    private static Residue read(Decoder<String> decoder, Residue residue, byte[] bytes, StringBuilder seen)
            throws FramingException {
        decoder.load(residue, ByteBuffer.wrap(bytes));
        for (String next = decoder.next(); next != null; next = decoder.next()) {
            seen.append(next);
        }
        return decoder.unload();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GBK", "GB18030", "Big5", "Shift_JIS", "ISO-8859-1", "US-ASCII", "UTF-16LE", "UTF-16", "IBM037"})
    void bytesAreJudgedAsByTheStrictDecoder(String name) {
        Charset charset = Charset.forName(name);
        Random random = new Random(20260302);
        Text strict = new Text(charset, false);
        Text replacing = new Text(charset, true);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(7)];
            random.nextBytes(bytes);
            String expected = null;
            try {
                expected = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            } catch (CharacterCodingException e) {
                assertThatThrownBy(() -> strict.decode(bytes, 0, bytes.length))
                        .isInstanceOf(FramingException.class)
                        .hasMessage("the message is not valid " + charset);
            }
            String seen = assertDecodes(replacing, bytes);
            if (expected != null) {
                assertThat(assertDecodes(strict, bytes)).isEqualTo(seen).isEqualTo(expected);
            } else {
                assertThat(seen).contains("\uFFFD");
            }
        }
    }

    private static String assertDecodes(Text text, byte[] bytes) {
        try {
            return text.decode(bytes, 0, bytes.length);
        } catch (FramingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aReplacementCharacterThatIsMeantIsNoError() throws FramingException {
        Text strict = new Text(StandardCharsets.UTF_16BE, false);
        byte[] bytes = strict.encode("a\uFFFDb");
        assertThat(bytes).containsExactly(0, 'a', 0xFF, 0xFD, 0, 'b');
        byte[] amongOthers = new byte[2 * bytes.length + 2];
        System.arraycopy(bytes, 0, amongOthers, 2, bytes.length);
        Arrays.fill(amongOthers, 2 + bytes.length, amongOthers.length, (byte) 0xD8); // half of a surrogate pair
        assertThat(strict.decode(amongOthers, 2, 2 + bytes.length)).isEqualTo("a\uFFFDb");
        assertThatThrownBy(() -> strict.decode(amongOthers, 2, amongOthers.length))
                .hasMessage("the message is not valid UTF-16BE");
        assertThat(strict.charset()).isEqualTo(StandardCharsets.UTF_16BE);
    }

    @Test
    void itMayBeTheFirstCharacter() {
        assertThat(new Text(StandardCharsets.UTF_16BE, false).encode("\uFFFDb")).containsExactly(0xFF, 0xFD, 0, 'b');
    }

    @Test
    void whatTheCharsetHasNotIsRefused() {
        Text gbk = new Text(Charset.forName("GBK"), false);
        assertThat(gbk.encode("中a")).containsExactly(0xD6, 0xD0, 'a');
        assertThatThrownBy(() -> gbk.encode("中a🚀"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a message in GBK has only characters of it; this text has U+1F680 at index 2");
        assertThatThrownBy(() -> new Text(StandardCharsets.ISO_8859_1, true).encode("é中"))
                .hasMessageContaining("U+4E2D at index 1");
        assertThatThrownBy(() -> new Text(StandardCharsets.UTF_16LE, false).encode("a\uD800"))
                .hasMessageContaining("U+D800 at index 1");
        assertThatThrownBy(() -> gbk.encode(null)).hasMessage("text must not be null");
        assertThatThrownBy(() -> new Text(Charset.forName("ISO-2022-CN"), false))
                .hasMessage("the charset ISO-2022-CN cannot encode");
    }

    @ParameterizedTest
    @CsvSource({
        "line, GBK",
        "line, Shift_JIS",
        "line, ISO-8859-1",
        "line, GB18030",
        "line, ISO-2022-JP",
        "line, EUC-KR",
        "line:crlf, GBK",
        "nul, GBK",
        "nul, ISO-2022-JP",
        "delimiter:03, Big5",
        "delimiter:ff, UTF-8",
        "delimiter:7c, UTF-8",
        "delimiter:e694b6, UTF-8",
        "delimiter:3c7c, GBK",
        "delimiter:ff, IBM037",
        "length, UTF-16",
        "length, ISO-2022-JP",
        "octets, UTF-16",
        "length, IBM930",
        "chunk, GBK",
        "chunk, UTF-16LE",
        "chunk, IBM037",
        "chunk, EUC-TW"
    })
    void whatCanWorkIsNotRefused(String framing, String charset) {
        assertThat(Framing.named(framing).objection(Charset.forName(charset))).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "line, UTF-16, LF and CR",
        "line, UTF-16LE, LF and CR",
        "line, IBM037, LF and CR",
        "line, UTF-32, LF and CR",
        "line:crlf, UTF-16BE, the bytes 0d0a",
        "nul, UTF-16LE, the bytes 00",
        "delimiter:40, GBK, the bytes 40",
        "delimiter:7c7c, Shift_JIS, the bytes 7c7c",
        "delimiter:31, GB18030, the bytes 31",
        "delimiter:bf, UTF-8, the bytes bf",
        "delimiter:c2, UTF-8, the bytes c2",
        "delimiter:0ae6, UTF-8, the bytes 0ae6",
        "chunk, ISO-2022-JP, do not depend",
        "chunk, UTF-16, do not depend",
        "chunk, UTF-32, do not depend",
        "chunk, UTF-32BE, do not depend",
        "chunk, IBM930, do not depend",
        "chunk, ISO-2022-KR, do not depend"
    })
    void whatCannotWorkIsRefused(String framing, String charset, String objection) {
        assertThat(Framing.named(framing).objection(Charset.forName(charset))).contains(objection);
    }

    /** The other way round: with whatever is not refused, random texts arrive as they were sent. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GBK",
                "Shift_JIS",
                "Big5",
                "GB18030",
                "ISO-2022-JP",
                "UTF-16",
                "EUC-JP",
                "windows-1252",
                "IBM930"
            })
    void textsArriveAsTheyWereSent(String name) throws Exception {
        Charset charset = Charset.forName(name);
        Text text = new Text(charset, false);
        Random random = new Random(20260303);
        int combined = 0;
        for (String each :
                Forms.and("delimiter:40", "delimiter:7c7c", "delimiter:30").toList()) {
            Framing framing = Framing.named(each);
            if (framing.objection(charset) != null || framing == Framing.chunks()) { // two chunks may come as one
                continue;
            }
            combined++;
            for (int round = 0; round < 300; round++) {
                String message = randomText(random, charset);
                byte[] payload;
                try {
                    payload = framing.encode(message, text);
                } catch (IllegalArgumentException e) {
                    continue; // has the delimiter, or is empty
                }
                Decoder<String> decoder = new Decoder<>(framing, 1000, text, 1024);
                decoder.load(null, ByteBuffer.wrap(wire(framing, payload, payload)));
                assertThat(decoder.next()).isEqualTo(message);
                assertThat(decoder.next()).isEqualTo(message);
                assertThat(decoder.unload()).isNull();
            }
        }
        assertThat(combined).isGreaterThanOrEqualTo(2);
    }

    private static String randomText(Random random, Charset charset) {
        StringBuilder made = new StringBuilder();
        for (int left = 1 + random.nextInt(30); left > 0; left--) {
            made.appendCodePoint(random.nextInt(3) == 0 ? random.nextInt(0x80) : random.nextInt(0xD800));
        }
        return new String(made.toString().getBytes(charset), charset);
    }

    @Test
    void chineseLinesInGbk() throws Exception {
        Text gbk = new Text(Charset.forName("GBK"), false);
        Decoder<String> decoder = new Decoder<>(Framing.lines(), 100, gbk, 1024);
        decoder.load(null, ByteBuffer.wrap((CHINESE + "\r\nb\n").getBytes(Charset.forName("GBK"))));
        assertThat(decoder.next()).isEqualTo(CHINESE);
        assertThat(decoder.next()).isEqualTo("b");
    }
}
