package org.reactorserver.framing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import example.DeviceFraming;
import example.JsonFraming;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactorserver.helper.Forms;
import org.reactorserver.testkit.FramingContract;

/** Every framing of ours and two of users' keep the contract, and the contract finds what is easily got wrong. */
class FramingContractTest {
    static Stream<String> ours() {
        return Forms.and(
                "length:3",
                "length:3le",
                "length:4le,signed,inclusive",
                "length:8",
                "length:8le,signed",
                "delimiter:61",
                "delimiter:61616261");
    }

    @ParameterizedTest
    @MethodSource("ours")
    void oursKeepIt(String name) {
        byte letter = (byte) (name.startsWith("delimiter:61") ? 'b' : 'a');
        FramingContract.check(Framing.named(name), length -> {
            byte[] payload = new byte[name.startsWith("length:2") ? Math.min(length, 0xFFFF) : length];
            java.util.Arrays.fill(payload, letter);
            return payload;
        });
    }

    @Test
    void thoseOfUsersKeepIt() {
        FramingContract.check(
                new JsonFraming(), length -> ("{" + " ".repeat(length - 2) + "}").getBytes(StandardCharsets.UTF_8));
        FramingContract.check(new DeviceFraming(), length -> new byte[Math.min(length, 0xFFFF - 4)]);
    }

    /** A length of two bytes, with a fault. */
    private abstract static class Faulty extends Framing {
        Faulty() {
            super("faulty");
        }

        @Override
        protected int headLength(int payloadLength) {
            return 2;
        }

        @Override
        protected void putHead(int payloadLength, ByteBuffer out) {
            out.putShort((short) payloadLength);
        }

        @Override
        protected void next(Input input) throws FramingException {
            if (input.length() >= 2) {
                int end = 2 + (input.get(0) & 0xFF) * 256 + (input.get(1) & 0xFF);
                if (end <= input.length()) {
                    input.message(2, end, end);
                }
            }
        }
    }

    private static void assertCaught(Framing framing, String message) {
        assertThatThrownBy(() -> FramingContract.check(framing, length -> new byte[Math.min(length, 60_000)]))
                .hasMessageContaining(message);
    }

    @Test
    void itFindsWhatIsEasilyGotWrong() {
        assertCaught(
                new Faulty() {
                    @Override
                    protected void next(Input input) throws FramingException {
                        super.next(input); // and looks at a byte that need not be there
                        input.get(1);
                    }
                },
                "Index 1 out of bounds");
        assertCaught(
                new Faulty() {
                    @Override
                    protected void next(Input input) throws FramingException {
                        int end = input.length();
                        if (end > 2) {
                            input.message(2, end, end); // takes a read for a message
                        }
                    }
                },
                "split at");
        assertCaught(
                new Faulty() {
                    @Override
                    protected int headLength(int payloadLength) {
                        return 3;
                    }
                },
                "has put a head of 2 bytes and not of 3");
        assertCaught(
                new Faulty() {
                    @Override
                    protected void next(Input input) throws FramingException {
                        if (input.find((byte) 'x') < 0) {
                            return; // searches in vain and forgets that something else may end it
                        }
                        super.next(input);
                    }
                },
                "split at");
    }

    @Test
    void theDecoderRefusesWhatTheFramingDoesNot() {
        Framing endless = new Faulty() {
            @Override
            protected void next(Input input) {}
        };
        Receiver receiver = new Receiver(endless, 10);
        assertThatThrownBy(() -> receiver.read(new byte[12]))
                .isInstanceOf(FramingException.class)
                .hasMessage("the message is longer than 10 bytes");
    }

    @Test
    void aMessageMustBeThereAndTakeSomething() {
        int[][] wrong = {{0, 0, 0}, {-1, 1, 1}, {2, 1, 3}, {0, 3, 2}, {0, 1, 4}};
        for (int[] offsets : wrong) {
            Framing framing = new Faulty() {
                @Override
                protected void next(Input input) throws FramingException {
                    input.message(offsets[0], offsets[1], offsets[2]);
                }
            };
            assertThatThrownBy(() -> new Receiver(framing).read(new byte[3]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no message");
        }
        Framing twice = new Faulty() {
            @Override
            protected void next(Input input) throws FramingException {
                input.message(0, 1, 1);
                input.message(0, 1, 1);
            }
        };
        assertThatThrownBy(() -> new Receiver(twice).read(new byte[3])).hasMessageContaining("there is one already");
    }
}
