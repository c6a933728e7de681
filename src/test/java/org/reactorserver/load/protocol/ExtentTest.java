package org.reactorserver.load.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.load.text.Escapes;

/** Where replies end, however TCP cuts them. */
class ExtentTest {

    /** The replies that are found, if the stream comes in pieces of at most so many bytes. */
    private static List<String> replies(ReplyEnd end, byte[] stream, int largest) throws Unreadable {
        Extent extent = end.extent();
        Random random = new Random(largest);
        List<String> found = new ArrayList<>();
        StringBuilder reply = new StringBuilder();
        for (int from = 0; from < stream.length; ) {
            int to = Math.min(stream.length, from + 1 + random.nextInt(largest));
            while (from < to) {
                int at = extent.end(stream, from, to);
                reply.append(new String(stream, from, (at < 0 ? to : at) - from, ISO_8859_1));
                if (at >= 0) {
                    found.add(reply.toString());
                    reply.setLength(0);
                }
                from = at < 0 ? to : at;
            }
        }
        if (reply.length() > 0) {
            found.add(reply + "…");
        }
        return found;
    }

    /** Replies that stand behind each other are told apart; what is behind the last one has only begun. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            line            | a\\n;\\n;bc\\r\\n;d…
            lines:2         | a\\nb\\n;\\n\\n;c…
            bytes:3         | abc;\\n\\n\\n;de…
            until:END\\r\\n | END\\r\\n;EEND\\r\\n;ENENDEND\\r\\n;VALUE x 0 1\\r\\na\\r\\nEND\\r\\n;END\\r…
            until:aab       | aaab;aab;aa…
            last-line:^\\d{3}[^-] | 220 hi\\r\\n;250-a\\r\\n250-b\\r\\n250 c\\r\\n;354-x…
            length:1        | \\x00;\\x03abc;\\x05a…
            length:2        | \\x00\\x00;\\x00\\x02AA;\\x00…
            length:2le      | \\x00\\x00;\\x02\\x00ab;\\xff…
            length:4-4      | \\x00\\x00\\x00\\x05a;\\x00\\x00…
            length:2be+1    | \\x00\\x01ab;\\x00\\x00a;\\x00…
            resp            | +OK\\r\\n;-ERR\\r\\n;:1\\r\\n;$3\\r\\n\\r\\na\\r\\n;$-1\\r\\n;$0\\r\\n\\r\\n;+O…
            resp            | *0\\r\\n;*2\\r\\n*1\\r\\n:1\\r\\n$1\\r\\na\\r\\n;*-1\\r\\n;%1\\r\\n+a\\r\\n:1\\r\\n;_\\r\\n;*2\\r\\n:1\\r\\n…
            http            | HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\n\\r\\nabc;HTTP/1.1 204 No Content\\r\\n\\r\\n;HTTP/1.1 304 x\\r\\ncontent-length: 9\\r\\n\\r\\n;HTT…
            http            | HTTP/1.1 100 Continue\\r\\n\\r\\nHTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n3\\r\\nabc\\r\\nA;x=y\\r\\n0123456789\\r\\n0\\r\\n\\r\\n
            http            | HTTP/1.0 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n;HTTP/1.1 200\\r\\ntransfer-encoding:chunked\\r\\n\\r\\n0\\r\\nA: b\\r\\n\\r\\n
            """)
    void repliesAreToldApart(String end, String replies) throws Unreadable {
        List<String> expected = new ArrayList<>();
        for (String reply : replies.trim().split(";(?!x=y)")) {
            expected.add(
                    new String(Escapes.bytes(reply.replace("…", "")), ISO_8859_1) + (reply.endsWith("…") ? "…" : ""));
        }
        byte[] stream = String.join("", expected).replace("…", "").getBytes(ISO_8859_1);
        for (int largest : new int[] {1, 2, 3, 7, 1_000}) {
            assertThat(replies(ReplyEnd.parse(end), stream, largest))
                    .as("in pieces of up to %d bytes", largest)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "length:4, \\xff\\xff\\xff\\xff",
        "length:1-4, \\x01",
        "http, no status\\r\\n\\r\\n",
        "http, HTTP/1.1 200 OK\\r\\n\\r\\n",
        "resp, what\\r\\n",
        "resp, $many\\r\\n",
    })
    void whatCannotBeAReplyIsSaidToBeNone(String end, String bytes) {
        assertThatThrownBy(() -> replies(ReplyEnd.parse(end), Escapes.bytes(bytes), 100))
                .isInstanceOf(Unreadable.class);
    }

    @Test
    void aHeadHasALimit() {
        assertThatThrownBy(() -> replies(ReplyEnd.parse("http"), new byte[100_000], 100_000))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("do not say where the reply ends");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "lines",
                "lines:0",
                "lines:x",
                "bytes:-1",
                "until:",
                "until:\\q",
                "last-line:(",
                "length:9",
                "xml"
            })
    void whatSaysNoEndIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReplyEnd.parse(text))
                .withMessageStartingWith("'" + text + "' does not say where a reply ends (")
                .withMessageContaining("expected line, lines:N");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a\\r\\n\\t\\0\\e | a,13,10,9,0,27
            \\x00\\xfF      | 0,255
            客\\\\\\"       | 229,174,162,92,34
            """)
    void bytesAreWrittenAsEscapes(String text, String bytes) {
        StringBuilder found = new StringBuilder();
        for (byte octet : Escapes.bytes(text)) {
            boolean isLetter = octet == 'a';
            found.append(found.length() == 0 ? "" : ",").append(isLetter ? "a" : Integer.toString(octet & 0xFF));
        }
        assertThat(found).hasToString(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\", "\\q", "\\x1", "\\xgg", "a\\"})
    void otherEscapesAreRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Escapes.bytes(text));
    }
}
