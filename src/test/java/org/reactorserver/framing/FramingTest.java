package org.reactorserver.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reactorserver.framing.Receiver.concat;
import static org.reactorserver.framing.Receiver.utf8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactorserver.helper.Forms;

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

    static Stream<Framing> allFramings() {
        return Forms.and("delimiter:0d0a0d0a").map(Framing::named);
    }

    /** Whatever room there is, wherever it begins, and whatever has been put before. */
    @ParameterizedTest
    @MethodSource("allFramings")
    void aFrameIsPutPieceByPiece(Framing framing) {
        byte[] payload = utf8("0123456789");
        byte[] whole = Receiver.wire(framing, payload);
        assertThat(whole).hasSize(payload.length + framing.overhead(payload.length));
        for (int offset = 0; offset <= whole.length; offset++) {
            for (int room = 0; room <= whole.length + 2; room++) {
                ByteBuffer out = ByteBuffer.allocate(room + 10);
                out.position(7).limit(7 + room);
                int expected = Math.min(room, whole.length - offset);
                assertThat(framing.put(payload, offset, out)).isEqualTo(expected);
                assertThat(out.position()).isEqualTo(7 + expected);
                assertThat(Arrays.copyOfRange(out.array(), 7, 7 + expected))
                        .isEqualTo(Arrays.copyOfRange(whole, offset, offset + expected));
                assertThat(Arrays.copyOfRange(out.array(), 7 + expected, room + 10))
                        .containsOnly(0);
            }
        }
    }

    @Test
    void whatIsNoLineNamesWhereItIsNot() {
        assertThatThrownBy(() -> Framing.lines().encode("\n")).hasMessageEndingWith("has a line feed at index 0");
        assertThatThrownBy(() -> Framing.lines().encode("\r"))
                .hasMessageEndingWith("ends with a carriage return, at index 0");
        assertThatThrownBy(() -> Framing.lines().encode("a\r"))
                .hasMessageEndingWith("ends with a carriage return, at index 1");
    }

    @Test
    void aDelimiterHasOneToSoManyBytesAndIsNotInTheMessage() throws Exception {
        int most = 16;
        byte[] longest = new byte[most];
        Arrays.fill(longest, (byte) '#');
        assertThat(new Receiver(Framing.delimited(longest)).read("a" + "#".repeat(most)))
                .containsExactly("a");
        assertThatThrownBy(() -> Framing.delimited(new byte[most + 1])).hasMessageContaining("not " + (most + 1));
        assertThatThrownBy(Framing::delimited).hasMessageContaining("not 0");
        Framing framing = Framing.delimited((byte) '-', (byte) '-');
        for (String bad : List.of("--", "--abc", "abc--", "a--c", "abc-", "-")) {
            assertThatThrownBy(() -> framing.encode(bad)).as(bad).hasMessageContaining("has it at byte");
        }
        for (String good : List.of("", "a", "-a", "a-b", "-a-b")) {
            assertThat(framing.encode(good)).as(good).isEqualTo(utf8(good));
        }
    }

    @Test
    void aLengthThatIsTooSmallIsNamed() {
        Framing inclusive = Framing.named("length:4,signed,inclusive");
        assertThatThrownBy(() -> new Receiver(inclusive).read(new byte[4]))
                .hasMessage("the message length is less than its own 4 bytes: 0");
        assertThatThrownBy(() -> new Receiver(inclusive).read(new byte[] {-1, -1, -1, -1}))
                .hasMessage("the message length is negative: -1");
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
    void onlyALineMayNotHoldALineFeedOrEndWithACarriageReturn() {
        assertThatThrownBy(() -> Framing.lines().encode("two\nlines"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line framing")
                .hasMessageContaining("has a line feed at index 3");
        for (String text : List.of("abc\r", "a\rb\r\r", "\r")) {
            assertThatThrownBy(() -> Framing.lines().encode(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("line framing")
                    .hasMessageContaining("ends with a carriage return, at index " + (text.length() - 1));
        }
        assertThat(Framing.lines().encode("one line, \r and all")).isEqualTo(utf8("one line, \r and all"));
        for (Framing framing : List.of(Framing.chunks(), Framing.lengthPrefixed())) {
            assertThat(framing.encode("two\nlines\r")).isEqualTo(utf8("two\nlines\r"));
        }
    }

    @ParameterizedTest
    @MethodSource("framings")
    void halfOfASurrogatePairIsNoText(Framing framing) {
        String around = "is it? a?\u00E9?\u6536?\uD83D\uDE80??";
        for (String half : List.of("\uD800", "\uDBFF", "\uDC00", "\uDFFF", "\uD83D?", "?\uDE80", "\uDE80\uD83D")) {
            for (int at = 0; at <= around.length(); at++) {
                if (at > 0 && Character.isHighSurrogate(around.charAt(at - 1))) {
                    continue; // it would tear a pair, or complete one
                }
                String text = around.substring(0, at) + half + around.substring(at);
                assertThatThrownBy(() -> framing.encode(text))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageEndingWith("at index " + (at + (half.startsWith("?") ? 1 : 0)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("framings")
    void whatIsEncodedIsTheTextOrRefused(Framing framing) throws Exception {
        Random random = new Random(20260204);
        String alphabet = "?? a\u00E9\u6536\uFFFD\uD83D\uDE80\uD83D\uDE80\r\n";
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            StringBuilder builder = new StringBuilder();
            for (int left = 1 + random.nextInt(random.nextBoolean() ? 5 : 30); left > 0; left--) {
                builder.append(alphabet.charAt(random.nextInt(random.nextInt(8) == 0 ? alphabet.length() : 7)));
            }
            String text = builder.toString();
            try {
                byte[] payload = framing.encode(text);
                assertThat(new Receiver(framing).read(Receiver.wire(framing, payload)))
                        .containsExactly(text);
            } catch (IllegalArgumentException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1_000, 19_000);
    }

    @ParameterizedTest
    @MethodSource("framings")
    void noTextIsRefusedByName(Framing framing) {
        assertThatThrownBy(() -> framing.encode(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("text must not be null");
        assertThatThrownBy(() -> framing.check(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("text must not be null");
    }

    @ParameterizedTest
    @MethodSource("framings")
    void anEmptyTextIsAMessageAndAnEmptyChunkNoByte(Framing framing) {
        byte[] payload = framing.encode("");
        assertThat(payload).isEmpty();
        assertThat(Receiver.wire(framing, payload)).hasSize(framing.overhead(payload.length));
        assertThat(Framing.chunks().overhead(0)).isZero();
    }

    @ParameterizedTest
    @MethodSource("framings")
    void aFrameIsNotLongerThanAnIntCanSay(Framing framing) {
        int most = Integer.MAX_VALUE - framing.overhead(0);
        framing.refuseLonger(most, most);
        if (framing.overhead(0) > 0) {
            assertThatThrownBy(() -> framing.refuseLonger(most + 1, most))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at most " + most)
                    .hasMessageContaining("" + (most + 1));
        }
    }

    @Test
    void aLineThatTheStreamEndsIsALine() throws Exception {
        for (String end : List.of("", "\r")) {
            String[] streams = {"last 收", "first\nlast 收", "first\r\nlast 收", "\nlast 收"};
            for (String stream : streams) {
                byte[] bytes = utf8(stream + end);
                for (int split = 0; split <= bytes.length; split++) {
                    Receiver receiver = new Receiver(Framing.lines());
                    receiver.read(Arrays.copyOf(bytes, split));
                    receiver.read(Arrays.copyOfRange(bytes, split, bytes.length));
                    assertThat(receiver.end())
                            .as("%s split at %d", stream, split)
                            .isEqualTo("last 收");
                    assertThat(receiver.isInsideMessage()).isFalse();
                    assertThat(receiver.end()).isNull();
                }
            }
        }
        Receiver receiver = new Receiver(Framing.lines());
        receiver.read("a\r\r");
        assertThat(receiver.end()).as("as before LF").isEqualTo("a\r");
        receiver.read("\r");
        assertThat(receiver.end()).as("as before LF").isEmpty();
    }

    @Test
    void aStreamThatEndsWithALineHasNoOther() throws Exception {
        Receiver receiver = new Receiver(Framing.lines());
        assertThat(receiver.end()).isNull();
        assertThat(receiver.read("line\r\n")).containsExactly("line");
        assertThat(receiver.end()).isNull();
    }

    @Test
    void theLastLineHasTheLimitsOfAnyOther() throws Exception {
        Receiver receiver = new Receiver(Framing.lines(), 10);
        receiver.read("0123456789\r");
        assertThat(receiver.end()).isEqualTo("0123456789");
        assertThatThrownBy(() -> receiver.read("0123456789x"))
                .isInstanceOfSatisfying(
                        FramingException.class,
                        e -> assertThat(e.kind()).isEqualTo(FramingException.Kind.MESSAGE_TOO_LARGE));
        Receiver cut = new Receiver(Framing.lines(), 10);
        cut.read((byte) 'x', (byte) 0xE6, (byte) 0x94);
        assertThatThrownBy(cut::end)
                .isInstanceOfSatisfying(
                        FramingException.class,
                        e -> assertThat(e.kind()).isEqualTo(FramingException.Kind.INVALID_UTF8));
        assertThat(cut.isInsideMessage()).isFalse();
    }

    @Test
    void onlyALineCanBeEndedByTheStream() throws Exception {
        Receiver chunk = new Receiver(Framing.chunks());
        chunk.read((byte) 0xE6, (byte) 0x94);
        assertThat(chunk.end()).isNull();
        assertThat(chunk.isInsideMessage()).isTrue();
        Receiver length = new Receiver(Framing.lengthPrefixed());
        length.read((byte) 0, (byte) 0, (byte) 0, (byte) 2, (byte) 'x');
        assertThat(length.end()).isNull();
        assertThat(length.isInsideMessage()).isTrue();
    }

    @Test
    void whatWaitsInFrontOfTheLastLineComesFirst() {
        Decoder<String> decoder = new Decoder<>(Framing.lines(), 10, Text.UTF_8, 10);
        decoder.load(null, ByteBuffer.wrap(utf8("a\nb")));
        assertThatThrownBy(decoder::last).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void framingsAreNamedAsOnTheCommandLine() {
        assertThat(framings()).extracting(Framing::toString).containsExactly("chunk", "line", "length");
    }
}
