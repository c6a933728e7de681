package org.reactorserver.framing;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactorserver.helper.Forms;

/**
 * However the bytes are cut on their way, the same messages come out, nothing but a {@link
 * FramingException} is thrown, and no more is held than one unfinished message.
 *
 * <p>{@code mvn test} repeats the inputs in {@code src/test/resources}. To look for others: {@code
 * JAZZER_FUZZ=1 mvn -q test -Dtest=FramingFuzzTest}.
 */
@Tag("fuzz")
class FramingFuzzTest {
    private static final Framing[] FRAMINGS = Stream.of(
                    "chunk",
                    "line",
                    "length",
                    "line:crlf",
                    "nul",
                    "octets",
                    "length:2le",
                    "length:3,signed,inclusive",
                    "delimiter:616162")
            .map(Framing::named)
            .toArray(Framing[]::new);

    /** Each goes with all of the framings. */
    private static final Charset[] CHARSETS = {
        StandardCharsets.UTF_8, Charset.forName("GBK"), StandardCharsets.ISO_8859_1, Charset.forName("EUC-JP")
    };

    private static final int READ_SIZE = 64 * 1024;
    private static final int HEADER = 4;

    /** The first four bytes: framing, largest message, what of malformed bytes and which charset, how to cut. */
    @FuzzTest(maxDuration = "5m")
    void cutsDoNotMatter(byte[] input) {
        if (input.length < HEADER || input.length > READ_SIZE) {
            return;
        }
        check(FRAMINGS[(input[0] & 0xFF) % FRAMINGS.length], input);
    }

    static Stream<String> all() {
        return Forms.and(Stream.of(FRAMINGS).map(Framing::toString).toArray(String[]::new));
    }

    /** The inputs that are kept were each found for one of them. */
    @ParameterizedTest
    @MethodSource("all")
    void inputsThatAreKeptAreWellInEveryFraming(String name) throws Exception {
        Path kept = Path.of(FramingFuzzTest.class
                .getResource("FramingFuzzTestInputs/cutsDoNotMatter")
                .toURI());
        try (Stream<Path> inputs = Files.list(kept)) {
            List<Path> all = inputs.toList();
            assertThat(all).isNotEmpty();
            for (Path input : all) {
                check(Framing.named(name), Files.readAllBytes(input));
            }
        }
    }

    private static void check(Framing framing, byte[] input) {
        int maxMessage = Decoder.SMALLEST_LIMIT + (input[1] & 0xFF);
        Text text = new Text(CHARSETS[(input[2] & 0xFF) / 2 % CHARSETS.length], (input[2] & 1) != 0);
        ByteBuffer whole = ByteBuffer.wrap(input, HEADER, input.length - HEADER);
        Received atOnce = new Received(framing, maxMessage, text);
        Received cut = new Received(framing, maxMessage, text);
        atOnce.receive(whole.duplicate(), new Random() {
            private static final long serialVersionUID = 1L;

            @Override
            public int nextInt(int bound) {
                return bound - 1;
            }
        });
        cut.receive(whole.duplicate(), new Random(input[3]));
        cut.assertSame(atOnce);
    }

    /** What one receiver makes of a stream. */
    private static final class Received {
        private final Framing framing;
        private final int maxMessage;
        private final Decoder<String> decoder;
        private final List<String> messages = new ArrayList<>();
        private FramingException.Kind refusal;
        private Residue residue;

        Received(Framing framing, int maxMessage, Text text) {
            this.framing = framing;
            this.maxMessage = maxMessage;
            this.decoder = new Decoder<>(framing, maxMessage, text, READ_SIZE);
        }

        /** Reads the stream in pieces, of 1 + a number thrown of what may be read bytes. */
        void receive(ByteBuffer stream, Random sizes) {
            try {
                while (stream.hasRemaining()) {
                    int most = Math.min(stream.remaining(), decoder.room(residue));
                    int count = 1 + sizes.nextInt(most);
                    decoder.load(residue, stream.slice(stream.position(), count));
                    stream.position(stream.position() + count);
                    for (String next = decoder.next(); next != null; next = decoder.next()) {
                        messages.add(next);
                    }
                    residue = decoder.unload();
                    assertThat((long) held()).isLessThanOrEqualTo(framing.maxFrame(maxMessage));
                }
            } catch (FramingException e) {
                refusal = e.kind();
            }
        }

        private int held() {
            return residue == null ? 0 : residue.length();
        }

        void assertSame(Received other) {
            assertThat(refusal).isEqualTo(other.refusal);
            if (framing != Framing.chunks()) {
                assertThat(messages).isEqualTo(other.messages);
            } else if (refusal == null) { // which chunks there are is a matter of the cuts
                assertThat(String.join("", messages)).isEqualTo(String.join("", other.messages));
            }
            if (refusal == null) {
                assertThat(held()).isEqualTo(other.held());
            }
        }
    }
}
