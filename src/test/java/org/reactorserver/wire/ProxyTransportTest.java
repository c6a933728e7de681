package org.reactorserver.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactorserver.helper.Pieces;
import org.reactorserver.wire.ProxyException.Kind;

class ProxyTransportTest {
    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 7);
    private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.2", 8888);
    private static final byte[] NEXT = "PROXY UNKNOWN\r\nmore".getBytes(StandardCharsets.US_ASCII);

    static List<byte[]> headers() {
        byte[] long2 = ByteBuffer.allocate(4096)
                .put(ProxyHeader.local())
                .putShort(14, (short) 4080)
                .array();
        return List.of(ProxyHeader.v1(CLIENT, SERVER), ProxyHeader.v2(CLIENT, SERVER), ProxyHeader.local(), long2);
    }

    private static byte[] join(byte[] one, byte[] two) {
        return ByteBuffer.allocate(one.length + two.length).put(one).put(two).array();
    }

    /** What the layer above reads, into room for so many bytes, until nothing is left. */
    private static byte[] readAll(ProxyTransport transport, Pieces pieces, int room) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(room);
        while (!pieces.isEmpty() || transport.holdsInput()) {
            boolean wasEstablished = transport.isEstablished();
            int count = transport.read(buffer.clear());
            assertThat(buffer.position()).isEqualTo(count);
            assertThat(wasEstablished || count == 0).isTrue();
            all.write(buffer.array(), 0, count);
        }
        return all.toByteArray();
    }

    /** Cut in two at every place, and with little room above. */
    @ParameterizedTest
    @MethodSource("headers")
    void noByteIsReadTwiceOrLost(byte[] header) throws IOException {
        byte[] stream = join(header, NEXT);
        ProxyHeader expected = ProxyHeader.parse(ByteBuffer.wrap(header));
        for (int cut = 1; cut < stream.length; cut++) {
            Pieces pieces = new Pieces()
                    .arrive(Arrays.copyOf(stream, cut))
                    .arrive(Arrays.copyOfRange(stream, cut, stream.length));
            ProxyTransport transport = new ProxyTransport(pieces);
            assertThat(transport.isEstablished()).isFalse();
            assertThat(readAll(transport, pieces, 1 + cut % 9))
                    .as("cut at %d", cut)
                    .isEqualTo(NEXT);
            assertThat(transport.header()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("headers")
    void byteByByte(byte[] header) throws IOException {
        Pieces pieces = new Pieces();
        for (byte each : join(header, NEXT)) {
            pieces.arrive(new byte[] {each});
        }
        assertThat(readAll(new ProxyTransport(pieces), pieces, 64)).isEqualTo(NEXT);
    }

    @Test
    void aReadThatFindsNothingIsNoEnd() throws IOException {
        byte[] stream = join(ProxyHeader.v1(CLIENT, SERVER), NEXT);
        Pieces pieces = new Pieces();
        ProxyTransport transport = new ProxyTransport(pieces);
        assertThat(transport.read(ByteBuffer.allocate(100))).isZero();
        pieces.arrive(Arrays.copyOf(stream, 20));
        assertThat(transport.read(ByteBuffer.allocate(100))).isZero();
        assertThat(transport.read(ByteBuffer.allocate(100))).as("within it").isZero();
        pieces.arrive(Arrays.copyOfRange(stream, 20, stream.length));
        assertThat(readAll(transport, pieces, 64)).isEqualTo(NEXT);
    }

    @Test
    void whatIsLeftOverIsAnnouncedSinceNoEventWill() throws IOException {
        ProxyTransport transport = new ProxyTransport(new Pieces().arrive(join(ProxyHeader.v1(CLIENT, SERVER), NEXT)));
        assertThat(transport.holdsInput()).isFalse();
        assertThat(transport.read(ByteBuffer.allocate(100))).isZero();
        assertThat(transport.isEstablished()).isTrue();
        assertThat(transport.header().source()).isEqualTo(CLIENT);
        assertThat(transport.holdsInput()).isTrue();
        assertThat(transport.mostUnread()).isEqualTo(1_000 + NEXT.length);
        assertThat(transport.heapBytes()).isEqualTo(256);
        assertThat(transport.read(ByteBuffer.allocate(100))).isEqualTo(NEXT.length);
        assertThat(transport.holdsInput()).isFalse();
        assertThat(transport.mostUnread()).isEqualTo(1_000);
        assertThat(transport.heapBytes()).isZero();
    }

    /** Of what is below it says what that says. */
    @Test
    void itIsTransparent() throws IOException {
        MemoryPipe pipe = new MemoryPipe(100);
        InetSocketAddress local = new InetSocketAddress("127.0.0.1", 1);
        ProxyTransport transport = new ProxyTransport(new Below(pipe.right) {
            @Override
            public SocketAddress localAddress() {
                return local;
            }

            @Override
            public int unsent() {
                return 3;
            }

            @Override
            public boolean holdsWritten() {
                return true;
            }

            @Override
            public int begun() {
                return 7;
            }

            @Override
            public boolean isReadBlocked() {
                return true;
            }

            @Override
            public End end() {
                return End.TRUNCATED;
            }

            @Override
            public boolean endOutput() {
                return false;
            }
        });
        assertThat(transport.localAddress()).isSameAs(local);
        assertThat(transport.unsent()).isEqualTo(3);
        assertThat(transport.holdsOutput()).isTrue();
        assertThat(transport.holdsWritten()).isTrue();
        assertThat(transport.begun()).isEqualTo(7);
        assertThat(transport.isReadBlocked()).isTrue();
        assertThat(new ProxyTransport(pipe.left).isReadBlocked()).isFalse();
        assertThat(new ProxyTransport(pipe.left).holdsWritten()).isFalse();
        assertThat(transport.end()).isEqualTo(Transport.End.TRUNCATED);
        assertThat(transport.endOutput()).isFalse();
    }

    @Test
    void aHeaderMayFillTheRoomThatThereUsuallyIs() throws IOException {
        byte[] header = ByteBuffer.allocate(256)
                .put(ProxyHeader.local())
                .putShort(14, (short) 240)
                .array();
        for (int more = 0; more < 2; more++) {
            byte[] stream = Arrays.copyOf(header, 256 + more);
            Pieces pieces =
                    new Pieces().arrive(Arrays.copyOf(stream, 100)).arrive(Arrays.copyOfRange(stream, 100, 256));
            pieces.arrive(Arrays.copyOfRange(stream, 256, stream.length));
            ProxyTransport transport = new ProxyTransport(pieces);
            transport.read(ByteBuffer.allocate(10));
            assertThat(transport.heapBytes()).as("for a header that fits").isEqualTo(256);
            transport.read(ByteBuffer.allocate(10));
            assertThat(transport.isEstablished()).isTrue();
            assertThat(transport.heapBytes()).isZero();
            assertThat(transport.read(ByteBuffer.allocate(10))).isEqualTo(more);
        }
    }

    @Test
    void itWantsToReadUntilItIsEstablished() throws IOException {
        Pieces pieces = new Pieces();
        ProxyTransport transport = new ProxyTransport(pieces);
        assertThat(transport.interestOps(false, false)).isEqualTo(SelectionKey.OP_READ);
        pieces.arrive(ProxyHeader.local());
        assertThat(transport.read(ByteBuffer.allocate(1))).isZero();
        assertThat(transport.header().source()).isNull();
        assertThat(transport.interestOps(false, false)).isZero();
    }

    /** As many balancers and monitors look whether a server is there. */
    @Test
    void whoOnlyConnectsIsNoFault() throws IOException {
        ProxyTransport transport = new ProxyTransport(new Pieces().endBehind());
        assertThat(transport.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(transport.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    void aStreamThatEndsInsideTheHeader() throws IOException {
        ProxyTransport transport = new ProxyTransport(
                new Pieces().arrive(new byte[] {'P', 'R', 'O'}).endBehind());
        assertThat(transport.read(ByteBuffer.allocate(1))).isZero();
        assertThatExceptionOfType(ProxyException.class)
                .isThrownBy(() -> transport.read(ByteBuffer.allocate(1)))
                .withMessage("PROXY header malformed: the stream ended after 3 bytes of it")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.MALFORMED));
    }

    @Test
    void theEndBehindTheHeaderIsTheClients() throws IOException {
        ProxyTransport transport = new ProxyTransport(
                new Pieces().arrive(join(ProxyHeader.local(), NEXT)).endBehind());
        assertThat(transport.read(ByteBuffer.allocate(100))).isZero();
        assertThat(transport.read(ByteBuffer.allocate(100))).isEqualTo(NEXT.length);
        assertThat(transport.read(ByteBuffer.allocate(100))).isEqualTo(-1);
    }

    @Test
    void outputAndTheEndAreThoseBelow() throws IOException {
        Pieces pieces = new Pieces();
        ProxyTransport transport = new ProxyTransport(pieces);
        assertThat(transport.write(ByteBuffer.wrap(NEXT))).isEqualTo(NEXT.length);
        assertThat(pieces.written()).isEqualTo(NEXT);
        assertThat(transport.endOutput()).isTrue();
        transport.close(true);
        assertThat(pieces.isClosed()).isTrue();
    }

    @Test
    void eachFaultIsOneLineThatNamesTheOption() {
        List<String> lines = new ArrayList<>(List.of(
                ProxyException.tooLate().getMessage(),
                ProxyException.untrusted("192.0.2.1").getMessage()));
        assertThat(lines)
                .containsExactly(
                        "PROXY header too late: it is to be the first that is sent; clients that send none need a"
                                + " --listen without it",
                        "no PROXY header is taken from 192.0.2.1: --proxy-trust names those that may send it");
    }
}
