package org.reactorserver.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactorserver.framing.Receiver.concat;
import static org.reactorserver.framing.Receiver.utf8;
import static org.reactorserver.framing.Receiver.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However the network cuts the stream, the messages are the same. */
class SplittingTest {
    private static final String[] CORPUS = {
        "客户端1连接成功",
        "",
        "plain ASCII, longer than the eight bytes that are searched at a time",
        "Grüße, naïve façade",
        "नमस्ते दुनिया",
        "مرحبا שלום",
        "👩‍👩‍👧‍👦🚀𝄞",
        "한국어 ไทย Ελληνικά",
        "e\u0301 is not é",
        "\u0000NUL\u0000",
        "\uFEFFa byte order mark",
        "a\u2028b\u2029c\u0085d\u000Be",
        "meant: \uFFFD",
        "\u007F\u0080\u07FF\u0800\uD7FF\uE000\uFFFF\uD800\uDC00\uDBFF\uDFFF",
        "a lone\rCR",
        "收"
    };

    /** Longer than a character, a length or a CR LF, so that each of them is cut in two and in three. */
    private static final int LONGEST_MIDDLE = 10;

    static List<Framing> delimited() {
        return List.of(Framing.lines(), Framing.lengthPrefixed());
    }

    @ParameterizedTest
    @MethodSource("delimited")
    void everySplitInTwoAndInThreeGivesTheSameMessages(Framing framing) throws Exception {
        assertSameMessagesHoweverSplit(framing, wire(framing, CORPUS));
    }

    @Test
    void everySplitOfLinesThatEndWithCrLfGivesTheSameMessages() throws Exception {
        byte[] stream = utf8(String.join("\r\n", CORPUS) + "\r\n");
        assertSameMessagesHoweverSplit(Framing.lines(), stream);
    }

    private static void assertSameMessagesHoweverSplit(Framing framing, byte[] stream) throws Exception {
        for (int i = 0; i <= stream.length; i++) {
            for (int j = i; j <= Math.min(stream.length, i + LONGEST_MIDDLE); j++) {
                Receiver receiver = new Receiver(framing);
                List<String> messages = new ArrayList<>();
                messages.addAll(receiver.read(Arrays.copyOfRange(stream, 0, i)));
                messages.addAll(receiver.read(Arrays.copyOfRange(stream, i, j)));
                messages.addAll(receiver.read(Arrays.copyOfRange(stream, j, stream.length)));
                assertThat(messages).as("split at %d and %d", i, j).containsExactly(CORPUS);
                assertThat(receiver.isInsideMessage()).isFalse();
            }
        }
    }

    @Test
    void aChunkNeverCutsACharacterWhereverTheStreamIsSplit() throws Exception {
        String text = String.join("", CORPUS);
        byte[] stream = utf8(text);
        for (int i = 0; i <= stream.length; i++) {
            for (int j = i; j <= Math.min(stream.length, i + LONGEST_MIDDLE); j++) {
                Receiver receiver = new Receiver(Framing.chunks());
                List<String> messages = new ArrayList<>();
                messages.addAll(receiver.read(Arrays.copyOfRange(stream, 0, i)));
                messages.addAll(receiver.read(Arrays.copyOfRange(stream, i, j)));
                messages.addAll(receiver.read(Arrays.copyOfRange(stream, j, stream.length)));
                assertThat(String.join("", messages))
                        .as("split at %d and %d", i, j)
                        .isEqualTo(text);
                assertThat(messages.size()).isLessThanOrEqualTo(3);
                assertThat(receiver.isInsideMessage()).isFalse();
            }
        }
    }

    @Test
    void aChunkIsWhatOneReadReturned() throws Exception {
        Receiver receiver = new Receiver(Framing.chunks());
        assertThat(receiver.read("one read, ")).containsExactly("one read, ");
        assertThat(receiver.read("two\nlines")).containsExactly("two\nlines");
    }

    @Test
    void theThreeBytesOfACharacterOneAtATimeAreOneChunk() throws Exception {
        byte[] bytes = utf8("收");
        Receiver receiver = new Receiver(Framing.chunks());
        assertThat(receiver.read(bytes[0])).isEmpty();
        assertThat(receiver.read(bytes[1])).isEmpty();
        assertThat(receiver.isInsideMessage()).isTrue();
        assertThat(receiver.read(bytes[2])).containsExactly("收");
        assertThat(receiver.isInsideMessage()).isFalse();
    }

    @Test
    void oneByteAtATimeGivesTheSameMessages() throws Exception {
        for (Framing framing : delimited()) {
            Receiver receiver = new Receiver(framing);
            List<String> messages = new ArrayList<>();
            for (byte b : wire(framing, CORPUS)) {
                messages.addAll(receiver.read(b));
            }
            assertThat(messages).as("%s", framing).containsExactly(CORPUS);
        }
    }

    @Test
    void randomTextsInRandomPiecesSurviveTheWayThroughEveryFraming() throws Exception {
        Random random = new Random(20260101);
        for (int round = 0; round < 1_500; round++) {
            String[] texts = randomTexts(random);
            for (Framing framing : delimited()) {
                assertThat(readInPieces(framing, wire(framing, texts), random))
                        .as("round %d, %s", round, framing)
                        .containsExactly(texts);
            }
            byte[] chunks = wire(Framing.chunks(), texts);
            assertThat(String.join("", readInPieces(Framing.chunks(), chunks, random)))
                    .as("round %d, chunks", round)
                    .isEqualTo(String.join("", texts));
        }
    }

    private static List<String> readInPieces(Framing framing, byte[] stream, Random random) throws FramingException {
        Receiver receiver = new Receiver(framing);
        List<String> messages = new ArrayList<>();
        int largest = random.nextInt(4) == 0 ? 1 : 1 + random.nextInt(100);
        for (int from = 0; from < stream.length; ) {
            int to = Math.min(stream.length, from + 1 + random.nextInt(largest));
            messages.addAll(receiver.read(Arrays.copyOfRange(stream, from, to)));
            from = to;
        }
        assertThat(receiver.isInsideMessage()).isFalse();
        return messages;
    }

    private static String[] randomTexts(Random random) {
        String[] texts = new String[random.nextInt(8)];
        for (int i = 0; i < texts.length; i++) {
            int length = random.nextInt(random.nextInt(10) == 0 ? 200 : 12);
            StringBuilder text = new StringBuilder();
            while (text.length() < length) {
                text.appendCodePoint(randomCharacter(random));
            }
            texts[i] = text.toString();
        }
        return texts;
    }

    /** Any character but CR and LF: one of each encoded length, and of those that look like LF. */
    private static int randomCharacter(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> "\t\u000B\u0000\u007F\u008A\u010A\u0A0A\u0D0D".charAt(random.nextInt(8));
            case 1 -> 0x20 + random.nextInt(0x5F);
            case 2 -> 0x80 + random.nextInt(0x780);
            case 3 -> 0x4E00 + random.nextInt(0x5000);
            case 4 -> 0xE000 + random.nextInt(0x2000);
            default -> 0x10000 + random.nextInt(0x100000);
        };
    }

    @Test
    void linesAreFoundWhereASimpleSearchFindsThem() throws Exception {
        Random random = new Random(20260102);
        String alphabet = "\n\n\r\t\u000Ba\u0000\u007F\u010A\u008A\u0B0A";
        for (int round = 0; round < 5_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int left = random.nextInt(40); left > 0; left--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            text.append('\n');
            String[] lines = text.toString().split("\n", -1);
            List<String> expected = new ArrayList<>();
            for (String line : Arrays.copyOf(lines, lines.length - 1)) {
                expected.add(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
            }
            assertThat(readInPieces(Framing.lines(), utf8(text.toString()), random))
                    .as("round %d: %s", round, text)
                    .isEqualTo(expected);
        }
    }

    @Test
    void sessionsThatShareADecoderDoNotMix() throws Exception {
        Decoder<String> decoder = new Decoder<>(Framing.lines(), 100, Text.UTF_8, 100);
        Receiver one = new Receiver(decoder);
        Receiver other = new Receiver(decoder);
        assertThat(one.read("fir")).isEmpty();
        assertThat(other.read("other\nse")).containsExactly("other");
        assertThat(one.read("st\n")).containsExactly("first");
        assertThat(other.read("cond\n")).containsExactly("second");
    }

    @ParameterizedTest
    @MethodSource("delimited")
    void messagesForWhichThereIsNoRoomYetAreTakenLater(Framing framing) throws Exception {
        Decoder<String> decoder = new Decoder<>(framing, 100, Text.UTF_8, 100);
        byte[] stream = concat(wire(framing, "1", "2", "3"), wire(framing, "half"));
        Residue residue = null;
        ByteBuffer fresh = ByteBuffer.wrap(stream, 0, stream.length - 2);
        for (String expected : List.of("1", "2", "3")) {
            decoder.load(residue, fresh);
            assertThat(decoder.next()).isEqualTo(expected);
            residue = decoder.unload();
            assertThat(residue).as("what is left over after %s", expected).isNotNull();
        }
        decoder.load(residue, ByteBuffer.wrap(stream, stream.length - 2, 2));
        assertThat(decoder.next()).isEqualTo("half");
        assertThat(decoder.next()).isNull();
        assertThat(decoder.unload()).isNull();
    }

    @ParameterizedTest
    @MethodSource("delimited")
    void whatWasKeptUndecodedIsDecodedLikeWhatIsFresh(Framing framing) throws Exception {
        Decoder<String> decoder = new Decoder<>(framing, 100, Text.UTF_8, 100);
        byte[] stream = wire(framing, "kept", "undecoded", "客户端");
        Residue residue = decoder.keep(null, ByteBuffer.allocate(0));
        assertThat(residue).isNull();
        for (byte b : stream) {
            residue = decoder.keep(residue, ByteBuffer.wrap(new byte[] {b}));
        }
        decoder.load(residue, ByteBuffer.allocate(0));
        assertThat(decoder.next()).isEqualTo("kept");
        assertThat(decoder.next()).isEqualTo("undecoded");
        assertThat(decoder.next()).isEqualTo("客户端");
        assertThat(decoder.unload()).isNull();
    }
}
