package org.reactorserver.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reactorserver.framing.Receiver.concat;
import static org.reactorserver.framing.Receiver.utf8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the framings put on the wire, and what they make of the characters that are easily got wrong. */
class FramingTest {

    static List<Framing> framings() {
        return List.of(Framing.chunks(), Framing.lines(), Framing.lengthPrefixed());
    }

    private static List<String> lines(String... reads) throws FramingException {
        Receiver receiver = new Receiver(Framing.lines());
        for (String read : Arrays.copyOf(reads, reads.length - 1)) {
            assertThat(receiver.read(read)).isEmpty();
        }
        return receiver.read(reads[reads.length - 1]);
    }

    @Test
    void aLineEndsWithLfOrCrLf() throws Exception {
        assertThat(lines("one\ntwo\r\nthree\n")).containsExactly("one", "two", "three");
    }

    @Test
    void aCrLfMayBeSplitAnywhere() throws Exception {
        assertThat(lines("line\r", "\n")).containsExactly("line");
        assertThat(lines("line", "\r", "\n")).containsExactly("line");
        assertThat(lines("line", "\r\n")).containsExactly("line");
    }

    @Test
    void aLoneCrBelongsToItsLine() throws Exception {
        assertThat(lines("a\rb\n")).containsExactly("a\rb");
        assertThat(lines("a\r", "b\n")).containsExactly("a\rb");
        assertThat(lines("\ra\n")).containsExactly("\ra");
        assertThat(lines("a\r\r\n")).containsExactly("a\r");
    }

    @Test
    void anEmptyLineIsAnEmptyMessage() throws Exception {
        assertThat(lines("\n\r\n\n")).containsExactly("", "", "");
        assertThat(lines("\r", "\n")).containsExactly("");
    }

    @Test
    void nothingButLfEndsALine() throws Exception {
        String text = "\u0000NUL \u000B VT \f FF \u0085 NEL \u2028 LS \u2029 PS";
        assertThat(lines(text + "\n")).containsExactly(text);
    }

    @ParameterizedTest
    @MethodSource("framings")
    void nulAndByteOrderMarksAreText(Framing framing) throws Exception {
        String text = "\uFEFFa\u0000b\uFEFF\u0000";
        assertThat(new Receiver(framing).read(Receiver.wire(framing, text))).containsExactly(text);
    }

    @Test
    void anEmptyMessageIsAMessageButForAnEmptyChunk() throws Exception {
        assertThat(new Receiver(Framing.lengthPrefixed()).read(new byte[8])).containsExactly("", "");
        assertThat(new Receiver(Framing.lines()).read("\n\n")).containsExactly("", "");
        assertThat(new Receiver(Framing.chunks()).read("")).isEmpty();
    }

    @Test
    void aFrameOnTheWireIsAsDocumented() {
        byte[] payload = utf8("收到");
        assertThat(Receiver.wire(Framing.chunks(), payload)).isEqualTo(payload);
        assertThat(Receiver.wire(Framing.lines(), payload)).isEqualTo(utf8("收到\n"));
        assertThat(Receiver.wire(Framing.lengthPrefixed(), payload))
                .isEqualTo(concat(new byte[] {0, 0, 0, 6}, payload));
        assertThat(Receiver.wire(Framing.lengthPrefixed(), new byte[0x01_02_03]))
                .startsWith(0, 1, 2, 3)
                .hasSize(4 + 0x01_02_03);
    }

    @ParameterizedTest
    @MethodSource("framings")
    void aFramedPayloadCanBePutInAnyPieces(Framing framing) {
        for (int length = 0; length <= 10; length++) {
            byte[] payload = Arrays.copyOf(utf8("0123456789"), length);
            byte[] frame = Receiver.wire(framing, payload);
            for (int offset = 0; offset <= frame.length; offset++) {
                for (int room = 0; room <= frame.length + 2; room++) {
                    ByteBuffer out = ByteBuffer.allocate(room);
                    int put = framing.put(payload, offset, out);
                    assertThat(put)
                            .as("offset %d of %d, room %d", offset, frame.length, room)
                            .isEqualTo(out.position())
                            .isEqualTo(Math.min(room, frame.length - offset));
                    assertThat(Arrays.copyOf(out.array(), put))
                            .isEqualTo(Arrays.copyOfRange(frame, offset, offset + put));
                }
            }
        }
    }

    @Test
    void onlyALineMayNotHoldALineFeed() {
        assertThatThrownBy(() -> Framing.lines().check("two\nlines"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("index 3");
        assertThatCode(() -> {
                    Framing.lines().check("one line, \r and all");
                    Framing.chunks().check("two\nlines");
                    Framing.lengthPrefixed().check("two\nlines");
                })
                .doesNotThrowAnyException();
    }

    @Test
    void framingsAreNamedAsOnTheCommandLine() {
        assertThat(framings()).extracting(Framing::toString).containsExactly("chunk", "line", "length");
    }
}
