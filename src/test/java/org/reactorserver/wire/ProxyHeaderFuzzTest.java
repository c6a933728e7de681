package org.reactorserver.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.reactorserver.helper.Pieces;

/**
 * Whatever comes, and however it is cut: nothing but a {@link ProxyException} is thrown, its text is one line, the cuts
 * do not matter, every byte behind the header is read once, and what is read can be written again.
 *
 * <p>{@code mvn test} repeats the inputs in {@code src/test/resources}. To look for others: {@code JAZZER_FUZZ=1 mvn -q
 * test -Dtest=ProxyHeaderFuzzTest}.
 */
@Tag("fuzz")
class ProxyHeaderFuzzTest {
    private static final int MOST = 8 * 1024;

    /** The first byte says how to cut. */
    @FuzzTest(maxDuration = "5m")
    void whateverComes(byte[] input) throws IOException {
        if (input.length < 1 || input.length > MOST) {
            return;
        }
        ByteBuffer stream = ByteBuffer.wrap(input, 1, input.length - 1).slice();
        ByteBuffer whole = stream.duplicate();
        ProxyHeader header = null;
        ProxyException refusal = null;
        try {
            header = ProxyHeader.parse(whole);
        } catch (ProxyException e) {
            refusal = e;
            assertThat(e.getMessage()).doesNotContainPattern("\\p{Cntrl}");
        }
        assertThat(header != null || whole.position() == 0).isTrue();

        Pieces pieces = new Pieces();
        Random sizes = new Random(input[0]);
        for (ByteBuffer rest = stream.duplicate(); rest.hasRemaining(); ) {
            byte[] piece = new byte[1 + sizes.nextInt(Math.min(rest.remaining(), 300))];
            rest.get(piece);
            pieces.arrive(piece);
        }
        ProxyTransport transport = new ProxyTransport(pieces);
        ByteBuffer above = ByteBuffer.allocate(MOST);
        ProxyException cutRefusal = null;
        try {
            for (int i = 0; i < 2 * MOST; i++) {
                transport.read(above);
            }
        } catch (ProxyException e) {
            cutRefusal = e;
        }
        assertThat(transport.header()).isEqualTo(header);
        assertThat(cutRefusal == null ? null : cutRefusal.kind()).isEqualTo(refusal == null ? null : refusal.kind());
        if (header != null) {
            assertThat(above.flip()).isEqualTo(whole);
            assertThatItCanBeWritten(header);
        }
    }

    private static void assertThatItCanBeWritten(ProxyHeader header) throws ProxyException {
        boolean isIp = header.source() instanceof InetSocketAddress;
        if (isIp) {
            assertThat(ProxyHeader.parse(ByteBuffer.wrap(ProxyHeader.v1(header.source(), header.destination()))))
                    .isEqualTo(header);
        }
        if (isIp || header.source() instanceof UnixDomainSocketAddress from && isPlain(from) && isPlain(header)) {
            assertThat(ProxyHeader.parse(ByteBuffer.wrap(ProxyHeader.v2(header.source(), header.destination()))))
                    .isEqualTo(header);
        }
    }

    /** A path that is no UTF-8 is not written as it was read. */
    private static boolean isPlain(ProxyHeader header) {
        return header.destination() instanceof UnixDomainSocketAddress to && isPlain(to);
    }

    private static boolean isPlain(UnixDomainSocketAddress address) {
        return address.toString().chars().allMatch(c -> c < 0x80);
    }
}
