package org.reactorserver.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;

class RecodedStreamTest {
    private static final Charset GBK = Charset.forName("GBK");

    private static String printed(Charset charset, String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new PrintStream(new RecodedStream(bytes, charset), true, UTF_8).print(text);
        return bytes.toString(charset);
    }

    @Test
    void whatTheTerminalHasIsAsItIs() {
        assertThat(printed(GBK, "收到 → █ …\n")).isEqualTo("收到 → █ …\n");
        assertThat(printed(ISO_8859_1, "Grüße µ\n")).isEqualTo("Grüße µ\n");
    }

    @Test
    void whatItDoesNotHaveIsNoQuestionMark() {
        assertThat(printed(ISO_8859_1, "client 1 received: 收到 → █▏\n"))
                .isEqualTo("client 1 received: \\u6536\\u5230 -> #|\n");
        assertThat(printed(GBK, "34 µs 😀é\n")).isEqualTo("34 us \\ud83d\\ude00é\n");
    }

    /** The text may be written in any pieces. */
    @Test
    void aCharacterThatComesInPiecesIsOne() throws IOException {
        String text = "a收é😀b";
        for (Charset charset : new Charset[] {GBK, UTF_8}) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            RecodedStream stream = new RecodedStream(bytes, charset);
            for (byte each : text.getBytes(UTF_8)) {
                stream.write(each);
            }
            assertThat(bytes.toString(charset)).isEqualTo(printed(charset, text));
        }
        assertThat(printed(UTF_8, text)).isEqualTo(text);
    }
}
