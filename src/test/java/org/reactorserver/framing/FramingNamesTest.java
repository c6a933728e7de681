package org.reactorserver.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.reactorserver.framing.Receiver.utf8;
import static org.reactorserver.framing.Receiver.wire;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.framing.Framing.Length;

/** What stands for a framing on the command line, what that puts on the wire, and what it refuses. */
class FramingNamesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            chunk                     | chunk                     | 6162
            line                      | line                      | 61620a
            line:crlf                 | line:crlf                 | 61620d0a
            length                    | length                    | 000000026162
            length:4,signed           | length                    | 000000026162
            length:4be                | length:4                  | 000000026162
            length:1                  | length:1                  | 026162
            length:2le                | length:2le                | 02006162
            length:2le,inclusive      | length:2le,inclusive      | 04006162
            length:3                  | length:3                  | 0000026162
            length:8le,signed         | length:8le,signed         | 02000000000000006162
            length:8,signed,inclusive | length:8,signed,inclusive | 000000000000000a6162
            nul                       | nul                       | 616200
            delimiter:00              | nul                       | 616200
            delimiter:0D0a            | delimiter:0d0a            | 61620d0a
            octets                    | octets                    | 32206162
            """)
    void itIsReadAsItIsWritten(String given, String name, String frame) {
        Framing framing = Framing.named(given);
        assertThat(framing).hasToString(name);
        assertThat(Framing.named(name)).hasToString(name);
        assertThat(HexFormat.of().formatHex(wire(framing, "ab"))).isEqualTo(frame);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "json",
                "line:",
                "line:lf",
                "chunk:1",
                "length:",
                "length:0",
                "length:9",
                "length:2xe",
                "length:2,le",
                "length:2,inclusive,signed",
                "nul:",
                "delimiter",
                "delimiter:",
                "delimiter:0",
                "delimiter:0g",
                "octets:1",
                "delimiter:000102030405060708090a0b0c0d0e0f10",
                "Line",
                " line"
            })
    void whatIsNoneIsRefused(String name) {
        assertThatThrownBy(() -> Framing.named(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + name + "' is not a framing: expected " + Framing.FORMS);
    }

    @Test
    void whatIsNoneIsRefusedInJavaToo() {
        assertThatThrownBy(() -> Framing.lengthPrefixed(0)).hasMessage("a length has 1 to 8 bytes, not 0");
        assertThatThrownBy(() -> Framing.lengthPrefixed(9)).hasMessage("a length has 1 to 8 bytes, not 9");
        assertThatThrownBy(() -> Framing.delimited()).hasMessage("a delimiter has 1 to 16 bytes, not 0");
        assertThatThrownBy(() -> Framing.delimited(new byte[17])).hasMessage("a delimiter has 1 to 16 bytes, not 17");
        assertThat(Framing.lengthPrefixed(4, Length.SIGNED)).isSameAs(Framing.lengthPrefixed());
    }

    @ParameterizedTest
    @CsvSource({
        "length:1, 255",
        "'length:1,signed', 127",
        "'length:1,inclusive', 254",
        "length:2le, 65535",
        "'length:2,signed', 32767"
    })
    void noReplyIsLongerThanItsLengthCanSay(String name, int most) throws Exception {
        Framing framing = Framing.named(name);
        byte[] payload = framing.encode(new byte[most], Binary.INSTANCE);
        assertThat(new Receiver(framing, 70_000).read(wire(framing, payload))).hasSize(1);
        assertThatThrownBy(() -> framing.encode(new byte[most + 1], Binary.INSTANCE))
                .hasMessage("a message of %s framing has at most %d bytes; this one has %d"
                        .formatted(name, most, most + 1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            length:1,signed    | ff               | NEGATIVE_LENGTH   | the message length is negative: -1
            length:2le,signed  | 0080             | NEGATIVE_LENGTH   | the message length is negative: -32768
            length:8,signed    | ffffffffffffffff | NEGATIVE_LENGTH   | the message length is negative: -1
            length:8           | ffffffffffffffff | MESSAGE_TOO_LARGE | the message is longer than 100 bytes
            length:8           | 0000000100000001 | MESSAGE_TOO_LARGE | the message is longer than 100 bytes
            length:4           | ffffffff         | MESSAGE_TOO_LARGE | the message is longer than 100 bytes
            length:2,inclusive | 0001             | NEGATIVE_LENGTH   | the message length is less than its own 2 bytes: 1
            octets             | 303020           | MALFORMED         | the message does not begin with its length: byte 30 at 0
            octets             | 20               | MALFORMED         | the message does not begin with its length: byte 20 at 0
            octets             | 313c             | MALFORMED         | the message does not begin with its length: byte 3c at 1
            octets             | 313031           | MESSAGE_TOO_LARGE | the message is longer than 100 bytes
            """)
    void whatIsNoMessageIsRefusedAtOnce(String name, String bytes, FramingException.Kind kind, String message) {
        Receiver receiver = new Receiver(Framing.named(name), 100);
        FramingException refusal = catchThrowableOfType(
                FramingException.class, () -> receiver.read(HexFormat.of().parseHex(bytes)));
        assertThat(refusal).hasMessage(message);
        assertThat(refusal.kind()).isEqualTo(kind);
    }

    @Test
    void aDelimiterIsRefusedInsideAndWhereItWouldComeAbout() {
        assertThatThrownBy(() -> Framing.crlfLines().encode("a\r\nb"))
                .hasMessage("a message of line:crlf framing has no 0d0a before its end; this one has it at byte 1");
        assertThat(Framing.crlfLines().encode("a\rb\nc\r")).isEqualTo(utf8("a\rb\nc\r"));
        assertThatThrownBy(() -> Framing.named("delimiter:6161").encode("ba")).hasMessageEndingWith("at byte 1");
        assertThatThrownBy(() -> Framing.octetCounted().encode("")).hasMessageContaining("RFC 6587");
    }

    @Test
    void aNameCanBeAnnounced() {
        for (String name : new String[] {"", "two words", "é", "x".repeat(65)}) {
            assertThatThrownBy(() -> new Framing(name) {
                        @Override
                        protected void next(Input input) {}
                    })
                    .hasMessageContaining("is not a framing's name");
        }
    }
}
