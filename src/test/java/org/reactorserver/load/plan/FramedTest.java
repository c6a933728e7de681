package org.reactorserver.load.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactorserver.framing.Framing;

class FramedTest {
    /** Whatever was framed before, in the same array or in another one. */
    @ParameterizedTest
    @MethodSource("org.reactorserver.helper.Forms#all")
    void itIsWhatTheFramingPuts(String name) {
        Framing framing = Framing.named(name);
        for (Payload payload : new Payload[] {
            Payload.of("", false),
            Payload.of("a", false),
            Payload.of("{seq}b{id}", false),
            Payload.ofSize(1, 1),
            Payload.ofSize(99, 1)
        }) {
            Payload framed = payload.framed(framing);
            for (long seq : new long[] {1, 2, 3, 99, 100, 5, 123_456_789_012L, 99}) {
                byte[] text = payload.render(7, seq);
                ByteBuffer expected = ByteBuffer.allocate(1024);
                framing.put(text, 0, expected);
                assertThat(framed.render(7, seq))
                        .isEqualTo(Arrays.copyOf(expected.array(), text.length + framing.overhead(text.length)));
            }
        }
    }
}
