package org.reactorserver.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.helper.TestKeys;
import org.reactorserver.wire.TlsException.Kind;
import org.reactorserver.wire.Transport.End;

/** TLS over a connection in memory, of which each byte is under control. */
class TlsTransportTest {
    private static final int CAPACITY = 256 * 1024;

    private static LiveTls server;
    private static LiveTls demanding;
    private static ClientTls client;
    private static ClientTls withCertificate;

    private TlsSide a; // the client
    private TlsSide b; // the server

    enum Version {
        TLS12("TLSv1.2"),
        TLS13("TLSv1.3");

        private final String protocol;

        Version(String protocol) {
            this.protocol = protocol;
        }
    }

    @BeforeAll
    static void makeKeys() throws IOException {
        Tls keys = Tls.pem(TestKeys.certificate("server"), TestKeys.key("server"));
        server = new LiveTls(keys);
        demanding = new LiveTls(keys.clientCa(TestKeys.certificate("ca")));
        client = ClientTls.builder().cacert(TestKeys.certificate("ca")).build();
        withCertificate = ClientTls.builder()
                .cacert(TestKeys.certificate("ca"))
                .certificate(TestKeys.certificate("client"), TestKeys.key("client"))
                .build();
    }

    private void connect(Version version) throws IOException {
        connect(version, client, server, CAPACITY);
    }

    private void connect(Version version, ClientTls from, LiveTls to, int capacity) throws IOException {
        MemoryPipe pipe = new MemoryPipe(capacity);
        SSLEngine engine = from.engine("localhost", 1);
        engine.setEnabledProtocols(new String[] {version.protocol});
        a = new TlsSide(pipe.left, engine);
        b = new TlsSide(pipe.right, to.engine());
    }

    private void open(Version version) throws IOException {
        connect(version);
        settle();
        assertThat(a.transport.isEstablished() && b.transport.isEstablished()).isTrue();
    }

    private void settle() {
        TlsSide.settle(a, b);
    }

    private void expectNoFailure() {
        assertThat(a.failure).isNull();
        assertThat(b.failure).isNull();
    }

    private static byte[] someBytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    // ---- what it needs, and what it holds

    @Test
    void itIsNotAheadOfWhatIsBelow() throws IOException {
        MemoryPipe pipe = new MemoryPipe(CAPACITY);
        InetSocketAddress local = new InetSocketAddress("127.0.0.1", 1);
        Transport below = new Below(pipe.right) {
            @Override
            public boolean isEstablished() {
                return false;
            }

            @Override
            public SocketAddress localAddress() {
                return local;
            }
        };
        TlsTransport transport = new TlsTransport(below, server.engine(), new TlsBuffers(), Runnable::run, () -> {});
        pipe.left.inject(new byte[] {1, 2, 3});
        ByteBuffer into = ByteBuffer.allocate(10);
        assertThat(transport.read(into)).isEqualTo(3);
        assertThat(into.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(transport.localAddress()).isSameAs(local);
    }

    @Test
    void whatIsBelowHoldsToo() throws IOException {
        MemoryPipe pipe = new MemoryPipe(CAPACITY);
        Transport below = new Below(pipe.right) {
            @Override
            public int unsent() {
                return 3;
            }

            @Override
            public int heapBytes() {
                return 40;
            }
        };
        TlsTransport transport = new TlsTransport(below, server.engine(), new TlsBuffers(), Runnable::run, () -> {});
        assertThat(transport.unsent()).isEqualTo(3);
        assertThat(transport.holdsWritten()).isFalse();
        assertThat(transport.heapBytes()).isEqualTo(40);
        assertThat(transport.mostUnread()).isEqualTo(CAPACITY + 40);
    }

    /** A reader's buffer and a writer's need not begin at zero. */
    @ParameterizedTest
    @EnumSource
    void whatIsReadAndWrittenIsCounted(Version version) throws IOException {
        open(version);
        ByteBuffer from = ByteBuffer.wrap(someBytes(30)).position(10);
        assertThat(a.transport.write(from)).isEqualTo(20);
        assertThat(from.hasRemaining()).isFalse();
        ByteBuffer into = ByteBuffer.allocate(12).position(7);
        assertThat(b.transport.read(into)).isEqualTo(5);
        assertThat(b.transport.heapBytes()).as("the rest of the record").isGreaterThanOrEqualTo(15);
        assertThat(b.transport.holdsInput()).isTrue();
        assertThat(b.transport.mostUnread()).isEqualTo(CAPACITY + b.transport.heapBytes());
        into = ByteBuffer.allocate(100).position(7);
        assertThat(b.transport.read(into)).isEqualTo(15);
        assertThat(b.transport.heapBytes()).isZero();
        assertThat(Arrays.copyOfRange(into.array(), 7, 22)).isEqualTo(Arrays.copyOfRange(someBytes(30), 15, 30));
    }

    @ParameterizedTest
    @EnumSource
    void whatThePeerDoesNotTakeIsHeldAndAskedFor(Version version) throws IOException {
        open(version);
        assertThat(a.transport.interestOps(true, true)).isEqualTo(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        assertThat(a.transport.interestOps(false, true)).isEqualTo(SelectionKey.OP_WRITE);
        assertThat(a.transport.interestOps(false, false)).isZero();
        a.raw.writes = possible -> Math.min(possible, 10);
        assertThat(a.transport.write(ByteBuffer.wrap(someBytes(100)))).isEqualTo(100);
        int held = a.transport.unsent();
        assertThat(held).isGreaterThan(90);
        assertThat(a.transport.heapBytes()).isGreaterThanOrEqualTo(held);
        assertThat(a.transport.holdsOutput()).isTrue();
        assertThat(a.transport.interestOps(false, false)).isEqualTo(SelectionKey.OP_WRITE);
        assertThat(a.transport.interestOps(true, false)).isEqualTo(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        assertThat(a.transport.write(ByteBuffer.wrap(someBytes(100))))
                .as("first the rest")
                .isZero();
        assertThat(a.transport.unsent()).isEqualTo(held - 10);
        a.raw.writes = possible -> possible;
        assertThat(a.transport.write(ByteBuffer.allocate(0))).isZero();
        assertThat(a.transport.holdsOutput()).isFalse();
        assertThat(a.transport.heapBytes()).isZero();
    }

    @Test
    void untilItIsEstablishedItDoesNotAskToWriteForOthers() throws IOException {
        connect(Version.TLS13);
        assertThat(b.transport.interestOps(true, true)).isEqualTo(SelectionKey.OP_READ);
        assertThat(b.transport.write(ByteBuffer.wrap(someBytes(10)))).isZero();
    }

    @Test
    void aFailureIsToldToWhoReadsOnceAndToWhoWritesEachTime() throws IOException {
        open(Version.TLS13);
        assertThat(b.transport.failure()).isNull();
        a.raw.inject(
                new byte[] {23, 3, 3, 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20});
        assertThatThrownBy(() -> b.transport.read(ByteBuffer.allocate(100))).isInstanceOf(TlsException.class);
        TlsException failure = b.transport.failure();
        assertThat(failure.kind()).isEqualTo(Kind.RECORD);
        assertThat(b.transport.read(ByteBuffer.allocate(100))).isZero();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> b.transport.write(ByteBuffer.wrap(someBytes(10))))
                    .isSameAs(failure);
        }
        assertThat(b.transport.write(ByteBuffer.allocate(0))).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aRecordThatComesByteByByteIsNotCopiedForEach(Version version) throws IOException {
        open(version);
        a.transport.write(ByteBuffer.wrap(someBytes(5_000)));
        byte[] record = b.raw.steal();
        int sizes = 0;
        int before = 0;
        for (int i = 0; i < record.length - 1; i++) {
            a.raw.inject(new byte[] {record[i]});
            assertThat(b.transport.read(ByteBuffer.allocate(100))).isZero();
            int held = b.transport.heapBytes();
            assertThat(held).isBetween(i + 1, 2 * i + 100);
            sizes += held == before ? 0 : 1;
            before = held;
        }
        assertThat(sizes).as("how often it was copied").isLessThan(20);
        a.raw.inject(new byte[] {record[record.length - 1]});
        assertThat(b.transport.read(ByteBuffer.allocate(6_000))).isEqualTo(5_000);
        assertThat(b.transport.heapBytes()).isZero();
    }

    // ---- in order

    @ParameterizedTest
    @EnumSource
    void whatIsSentArrivesBothWays(Version version) throws IOException {
        connect(version);
        a.send("question");
        b.send("answer");
        settle();
        expectNoFailure();
        assertThat(b.text()).isEqualTo("question");
        assertThat(a.text()).isEqualTo("answer");
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThatIsIdleHoldsNothing(Version version) throws IOException {
        open(version);
        a.send("question");
        settle();
        for (TlsSide side : List.of(a, b)) {
            assertThat(side.transport.heapBytes()).isZero();
            assertThat(side.transport.holdsInput()).isFalse();
            assertThat(side.transport.holdsOutput()).isFalse();
            assertThat(side.transport.interestOps(true, false)).isEqualTo(SelectionKey.OP_READ);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasAgreedOnIsTold(Version version) throws IOException {
        connect(version, withCertificate, demanding, CAPACITY);
        assertThat(b.transport.tls()).isNull();
        settle();
        TlsSession session = b.transport.tls();
        assertThat(session.protocol()).isEqualTo(version.protocol);
        assertThat(TlsContext.isStrong(session.cipherSuite()))
                .as(session.cipherSuite())
                .isTrue();
        assertThat(session.peerCertificate().getSubjectX500Principal().getName())
                .isEqualTo("CN=test client");
        assertThat(session.serverName()).isEqualTo("localhost");
        assertThat(session.applicationProtocol()).isNull();
        assertThat(a.transport.tls().peerCertificate().getSubjectX500Principal().getName())
                .isEqualTo("CN=test server");
        b.transport.close(false);
        assertThat(b.transport.tls()).as("also when it is over").isEqualTo(session);
    }

    @Test
    void whoShowsNoCertificateHasNone() throws IOException {
        open(Version.TLS13);
        assertThat(b.transport.tls().peerCertificates()).isEmpty();
        assertThat(b.transport.tls().peerCertificate()).isNull();
    }

    // ---- whatever the network does

    @ParameterizedTest
    @EnumSource
    void bytesMayComeOneByOne(Version version) throws IOException {
        connect(version);
        for (TlsSide side : List.of(a, b)) {
            side.raw.reads = possible -> Math.min(1, possible);
        }
        exchange(3_000);
    }

    @ParameterizedTest
    @EnumSource
    void aReadWithoutBytesHasLookedUntilNothingWasLeft(Version version) throws IOException {
        open(version);
        a.send("x").turn();
        b.raw.reads = possible -> Math.min(1, possible);
        assertThat(b.transport.read(b.buffer.clear())).isOne();
        assertThat(b.transport.read(b.buffer.clear())).isZero();
        assertThat(b.transport.isReadBlocked()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void bytesMayBeTakenOneByOne(Version version) throws IOException {
        connect(version);
        for (TlsSide side : List.of(a, b)) {
            side.raw.writes = possible -> Math.min(1, possible);
        }
        exchange(3_000);
    }

    /** Every record of the handshake and of both directions is cut once; byte by byte see above. */
    @ParameterizedTest
    @EnumSource
    void aRecordMayBeCutAnywhere(Version version) throws IOException {
        for (int cut = 1; cut < 1_500; cut += cut < 20 ? 1 : 13) {
            connect(version);
            for (TlsSide side : List.of(a, b)) {
                side.raw.reads = firstAt(cut);
                side.raw.writes = firstAt(cut);
            }
            exchange(100);
        }
    }

    private static IntUnaryOperator firstAt(int cut) {
        int[] left = {cut};
        return possible -> {
            int count = left[0] > 0 ? Math.min(left[0], possible) : possible;
            left[0] -= count;
            return count;
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void chanceMayHaveItsWay(long seed) throws IOException {
        Random random = new Random(seed);
        connect(
                random.nextBoolean() ? Version.TLS12 : Version.TLS13,
                withCertificate,
                demanding,
                1_000 + random.nextInt(20_000));
        for (TlsSide side : List.of(a, b)) {
            side.raw.reads = possible -> random.nextInt(possible + 1);
            side.raw.writes = possible -> random.nextInt(possible + 1);
            side.buffer = ByteBuffer.allocate(1 + random.nextInt(30_000));
        }
        byte[] there = someBytes(200_000);
        byte[] back = someBytes(150_000);
        a.send(there);
        b.send(back);
        for (int i = 0; i < 5_000; i++) { // with nothing moved a pass does not count as one
            settle();
        }
        expectNoFailure();
        assertThat(b.received.toByteArray()).isEqualTo(there);
        assertThat(a.received.toByteArray()).isEqualTo(back);
    }

    private void exchange(int count) {
        byte[] there = someBytes(count);
        byte[] back = someBytes(count + 1);
        a.send(there);
        b.send(back);
        settle();
        a.end();
        settle();
        b.end();
        settle();
        expectNoFailure();
        assertThat(b.received.toByteArray()).isEqualTo(there);
        assertThat(a.received.toByteArray()).isEqualTo(back);
        assertThat(a.ended && b.ended).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 16_383, 16_384, 16_385, 20_000})
    void aReaderMayHaveAnyRoom(int room) throws IOException {
        for (Version version : Version.values()) {
            open(version);
            b.buffer = ByteBuffer.allocate(room);
            byte[] much = someBytes(room == 1 ? 100_000 : 1_000_000);
            a.send(much);
            settle();
            expectNoFailure();
            assertThat(b.received.toByteArray()).isEqualTo(much);
        }
    }

    @Test
    void clearTextThatDidNotFitIsReportedAndKeptWithinBounds() throws IOException {
        open(Version.TLS13);
        a.send(someBytes(40_000));
        a.turn();
        ByteBuffer small = ByteBuffer.allocate(10);
        assertThat(b.transport.read(small)).isEqualTo(10);
        assertThat(b.transport.holdsInput()).isTrue();
        assertThat(b.transport.heapBytes()).isBetween(16_374, 2 * TlsBuffers.MOST_RECORD + 200);
        settle();
        assertThat(b.received.size()).isEqualTo(39_990);
        assertThat(b.transport.holdsInput()).isFalse();
    }

    @Test
    void whoIsNotReadIsHeldUp() throws IOException {
        connect(Version.TLS13, client, server, 30_000);
        settle();
        b.reading = false;
        a.send(someBytes(100_000));
        settle();
        assertThat(a.hasOutput()).isTrue();
        assertThat(a.transport.holdsOutput()).isTrue();
        assertThat(a.transport.heapBytes()).isLessThan(TlsBuffers.MOST_RECORD + 100);
        assertThat(a.transport.interestOps(true, false) & SelectionKey.OP_WRITE).isNotZero();
        b.reading = true;
        settle();
        assertThat(b.received.size()).isEqualTo(100_000);
    }

    @Test
    void whoIsCutOffHoldsNothing() throws IOException {
        connect(Version.TLS13, client, server, 30_000);
        settle();
        b.reading = false;
        a.send(someBytes(100_000));
        settle();
        assertThat(a.transport.unsent()).isPositive();
        assertThat(a.transport.holdsWritten()).isTrue();
        a.transport.close(true);
        assertThat(a.transport.holdsWritten()).isFalse();
        assertThat(a.transport.unsent()).isZero();
        assertThat(a.transport.heapBytes()).isZero();
    }

    // ---- tasks

    @Test
    void noTaskRunsWhereItIsRead() throws IOException {
        connect(Version.TLS13);
        a.turn();
        b.turn();
        assertThat(b.hasTasks()).isTrue();
        int before = a.raw.mostUnread();
        assertThat(b.transport.read(ByteBuffer.allocate(before)))
                .as("read during a task")
                .isZero();
        assertThat(b.transport.endOutput()).as("ended during a task").isFalse();
        assertThat(b.transport.interestOps(true, true)).isZero();
        assertThat(b.transport.isReadBlocked()).isTrue();
        b.runTasks();
        assertThat(b.transport.holdsInput()).as("the handshake can go on").isTrue();
        settle();
        assertThat(b.transport.isEstablished()).isTrue();
    }

    @Test
    void aTaskOfAClosedConnectionIsNotWorkedOff() throws IOException {
        connect(Version.TLS13);
        a.turn();
        b.turn();
        b.transport.close(false);
        SSLEngine engine = server.engine();
        assertThat(engine.getDelegatedTask()).isNull();
        assertThat(b.runTasks()).isTrue();
        assertThat(b.raw.written()).isZero();
    }

    // ---- the end

    @Test
    void halfCloseInTls13IsAnsweredInFull() throws IOException {
        open(Version.TLS13);
        a.send("last question").end();
        settle();
        assertThat(b.ended).isTrue();
        assertThat(b.transport.end()).isEqualTo(End.ORDERLY);
        byte[] much = someBytes(500_000);
        b.send(much);
        settle();
        b.end();
        settle();
        expectNoFailure();
        assertThat(a.received.toByteArray()).isEqualTo(much);
        assertThat(a.ended).isTrue();
        assertThat(a.transport.end()).isEqualTo(End.ORDERLY);
    }

    @Test
    void afterAHalfCloseInTls12RepliesAreLostAndThatIsSaid() throws IOException {
        open(Version.TLS12);
        a.send("last question").end();
        settle();
        assertThat(b.text()).isEqualTo("last question");
        assertThat(b.ended).isTrue();
        assertThat(b.transport.end()).isEqualTo(End.BOTH_WAYS);
        b.send("reply");
        settle();
        assertThat(b.failure)
                .isInstanceOfSatisfying(
                        TlsException.class, e -> assertThat(e.kind()).isEqualTo(Kind.OUTPUT_CLOSED));
    }

    @ParameterizedTest
    @EnumSource
    void theServersEndIsSeenByTheClientWhichIsReadOn(Version version) throws IOException {
        open(version);
        b.send("bye").end();
        settle();
        assertThat(a.text()).isEqualTo("bye");
        assertThat(a.ended).isTrue();
        if (version == Version.TLS13) {
            a.send("one more").end();
            settle();
            assertThat(b.text()).isEqualTo("one more");
            assertThat(b.ended).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingSaysSoFirst(Version version) throws IOException {
        open(version);
        b.transport.close(false);
        settle();
        assertThat(a.ended).isTrue();
        assertThat(a.transport.end()).isNotEqualTo(End.TRUNCATED);
    }

    @ParameterizedTest
    @EnumSource
    void cuttingOffSaysNothing(Version version) throws IOException {
        open(version);
        long before = b.raw.written();
        b.transport.close(true);
        assertThat(b.raw.written()).isEqualTo(before);
        settle();
        assertThat(a.failure).hasMessage("Connection reset");
    }

    @ParameterizedTest
    @EnumSource
    void anEndWithoutNoticeIsTold(Version version) throws IOException {
        open(version);
        a.send("transfer 100");
        a.turn();
        a.raw.endOutput();
        settle();
        assertThat(b.text()).isEqualTo("transfer 100");
        assertThat(b.ended).isTrue();
        assertThat(b.transport.end()).isEqualTo(End.TRUNCATED);
        b.send("it can still be answered");
        settle();
        assertThat(a.text()).isEqualTo("it can still be answered");
    }

    @ParameterizedTest
    @EnumSource
    void anEndWithinARecordIsTold(Version version) throws IOException {
        open(version);
        a.raw.writes = firstThenNone(20);
        a.send("transfer 100");
        a.turn();
        a.raw.endOutput();
        settle();
        assertThat(b.text()).isEmpty();
        assertThat(b.transport.end()).isEqualTo(End.TRUNCATED);
        assertThat(b.transport.heapBytes()).isZero();
    }

    private static IntUnaryOperator firstThenNone(int bytes) {
        int[] left = {bytes};
        return possible -> {
            int count = Math.min(left[0], possible);
            left[0] -= count;
            return count;
        };
    }

    // ---- attacks

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "G", "\u0016G", "\u0080\u002e\u0001\u0003\u0001", "\n"})
    void plainTextIsAnsweredWithNothing(String text) throws IOException {
        connect(Version.TLS13);
        a.raw.inject(text.getBytes(StandardCharsets.ISO_8859_1));
        expectFailure(Kind.NOT_TLS, "what the peer sends is not TLS");
        assertThat(b.raw.written()).isZero();
    }

    private void expectFailure(Kind kind, String message) {
        while (b.turn() | b.runTasks()) {}
        assertThat(b.failure).isInstanceOfSatisfying(TlsException.class, e -> {
            assertThat(e.kind()).isEqualTo(kind);
            assertThat(e.getMessage()).contains(message);
        });
        assertThat(b.transport.isEstablished()).isFalse();
        assertThat(b.transport.heapBytes()).isZero();
    }

    /** Each record costs, however little is in it, and what came before is gone through again. */
    @ParameterizedTest
    @ValueSource(strings = {"1603010001", "1503010002"})
    void aHandshakeInTooManyRecordsIsRefused(String header) throws IOException {
        connect(Version.TLS13);
        byte[] head = HexFormat.of().parseHex(header);
        byte[] record = Arrays.copyOf(head, 5 + head[4]);
        if (head[0] == 21) {
            record[5] = 1; // a warning: user_canceled
            record[6] = 90;
        }
        int enough = 65;
        ByteBuffer records = ByteBuffer.allocate(enough * record.length);
        for (int i = 0; i < enough; i++) {
            records.put(record);
            if (record.length == 6) {
                records.put(records.position() - 1, (byte) (i == 0 ? 1 : i == 2 ? 16 : 0)); // a client's hello of 4 KiB
            }
        }
        a.raw.inject(records.array());
        expectFailure(Kind.HANDSHAKE, "the handshake comes in too many records");
    }

    @Test
    void aPlainServerIsNoticedByTheClient() throws IOException {
        connect(Version.TLS13);
        b.raw.inject("220 ready\r\n".getBytes(StandardCharsets.US_ASCII));
        settle();
        assertThat(a.failure).hasMessageStartingWith("what the peer sends is not TLS; ");
    }

    @Test
    void garbageIsAnsweredWithAnAlertAndTheConnectionCanLinger() throws IOException {
        connect(Version.TLS13);
        byte[] garbage = someBytes(3_000);
        garbage[0] = 22;
        garbage[1] = 3;
        garbage[2] = 1;
        garbage[3] = 1;
        garbage[4] = 0;
        a.raw.inject(garbage);
        expectFailure(Kind.HANDSHAKE, "TLS handshake failed");
        assertThat(a.raw.steal()).startsWith(21, 3);
        assertThat(b.transport.read(ByteBuffer.allocate(10))).isZero();
        assertThat(b.transport.holdsInput()).isFalse();
        assertThat(b.transport.interestOps(true, false)).isEqualTo(SelectionKey.OP_READ);
        assertThat(b.transport.endOutput()).isTrue();
        a.raw.endOutput();
        assertThat(b.transport.read(ByteBuffer.allocate(10))).isEqualTo(-1);
    }

    /** The others are to be looked after too. */
    @Test
    void ofWhatComesBehindAFailureSoMuchIsThrownAwayAtATime() throws IOException {
        MemoryPipe pipe = new MemoryPipe(CAPACITY);
        int[] reads = {0};
        Transport endless = new Below(pipe.right) {
            @Override
            public int read(ByteBuffer into) {
                reads[0]++;
                into.put((byte) 'x');
                return 1;
            }
        };
        TlsTransport transport = new TlsTransport(endless, server.engine(), new TlsBuffers(), Runnable::run, () -> {});
        ByteBuffer into = ByteBuffer.allocate(10);
        assertThatThrownBy(() -> transport.read(into)).isInstanceOf(TlsException.class);
        reads[0] = 0;
        assertThat(transport.read(into)).isZero();
        assertThat(reads[0]).isEqualTo(16);
        assertThat(into.position()).isZero();
    }

    @Test
    void aRecordThatIsTooLongIsRefusedBeforeItHasCome() throws IOException {
        connect(Version.TLS13);
        a.raw.inject(new byte[] {22, 3, 1, (byte) 0xFF, (byte) 0xFF, 1});
        expectFailure(Kind.HANDSHAKE, "record");
    }

    @ParameterizedTest
    @EnumSource
    void whatWasTamperedWithIsRefusedBehindWhatWasNot(Version version) throws IOException {
        open(version);
        a.send("right");
        a.turn();
        byte[] right = b.raw.steal();
        a.send("wrong");
        a.turn();
        byte[] wrong = b.raw.steal();
        wrong[wrong.length - 1] ^= 1;
        a.raw.inject(right);
        a.raw.inject(wrong);
        expectFailure(Kind.RECORD, "TLS failed");
        assertThat(b.text()).as("what came before").isEqualTo("right");
    }

    @Test
    void nothingIsUnderstoodOnceARecordIsMissing() throws IOException {
        open(Version.TLS13);
        a.send("first");
        a.turn();
        b.raw.steal();
        a.send("second");
        a.turn();
        expectFailure(Kind.RECORD, "TLS failed");
        assertThat(b.text()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whoMustShowACertificateAndHasNoneIsToldSo(Version version) throws IOException {
        connect(version, client, demanding, CAPACITY);
        settle();
        assertThat(b.failure)
                .isInstanceOfSatisfying(
                        TlsException.class, e -> assertThat(e.kind()).isEqualTo(Kind.HANDSHAKE));
        assertThat(a.failure).hasMessageMatching(".*Received fatal alert: \\w+");
    }

    @ParameterizedTest
    @EnumSource
    void whoseCertificateIsNotVouchedForIsToldSo(Version version) throws IOException {
        ClientTls strange = ClientTls.builder()
                .cacert(TestKeys.certificate("ca"))
                .certificate(TestKeys.certificate("strange-client"), TestKeys.key("strange-client"))
                .build();
        connect(version, strange, demanding, CAPACITY);
        settle();
        assertThat(b.failure).hasMessageStartingWith("TLS handshake failed: ");
        assertThat(a.failure).hasMessageContaining("Received fatal alert: ");
    }

    @Test
    void whoAsksToShakeHandsAgainIsRefused() throws IOException {
        open(Version.TLS12);
        a.raw.inject(new byte[] {22, 3, 3, 0, 4, 1, 2, 3, 4}); // as of a record that is encrypted only its kind is seen
        expectFailure(Kind.RENEGOTIATION, "renegotiation");
        assertThat(a.raw.isReadable()).as("it is told the end").isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void theJdksOwnRenegotiationIsRefused(Version version) throws IOException {
        MemoryPipe pipe = new MemoryPipe(CAPACITY);
        SSLEngine engine = client.engine("localhost", 1);
        engine.setEnabledProtocols(new String[] {version.protocol});
        a = new TlsSide(pipe.left, engine);
        b = new TlsSide(pipe.right, server.engine());
        settle();
        engine.beginHandshake(); // in TLS 1.3 it is an update of the keys
        a.send("after");
        settle();
        if (version == Version.TLS12) {
            assertThat(b.failure)
                    .isInstanceOfSatisfying(
                            TlsException.class, e -> assertThat(e.kind()).isEqualTo(Kind.RENEGOTIATION));
        } else {
            expectNoFailure();
            assertThat(b.text()).isEqualTo("after");
        }
    }

    @Test
    void keysMayBeUpdatedByBothAtAnyTime() throws IOException {
        MemoryPipe pipe = new MemoryPipe(CAPACITY);
        SSLEngine one = client.engine("localhost", 1);
        SSLEngine other = server.engine();
        a = new TlsSide(pipe.left, one);
        b = new TlsSide(pipe.right, other);
        settle();
        StringBuilder sent = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            (i % 3 == 0 ? other : one).beginHandshake();
            a.send(i + ";");
            b.send(i + ";");
            sent.append(i).append(';');
            settle();
        }
        expectNoFailure();
        assertThat(a.text()).isEqualTo(sent.toString());
        assertThat(b.text()).isEqualTo(sent.toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoAsksForUpdatesOnlyIsEnded(boolean speaksNowAndThen) throws IOException {
        MemoryPipe pipe = new MemoryPipe(CAPACITY);
        SSLEngine engine = client.engine("localhost", 1);
        a = new TlsSide(pipe.left, engine);
        b = new TlsSide(pipe.right, server.engine());
        settle();
        int updates = 60;
        for (int i = 0; i < updates; i++) {
            if (speaksNowAndThen && i % 20 == 0) {
                a.send("x").turn();
            }
            engine.beginHandshake();
            a.transport.read(a.buffer.clear());
        }
        long before = b.raw.written();
        ByteBuffer buffer = ByteBuffer.allocate(100);
        if (speaksNowAndThen) {
            assertThat(b.transport.read(buffer)).isPositive();
            assertThat(b.transport.holdsInput()).as("the others come first").isTrue();
            settle();
            expectNoFailure();
        } else {
            expectFailure(Kind.RECORD, "records without content");
        }
        assertThat(b.raw.written()).as("keys are updated and the end is told").isGreaterThan(before);
    }

    /** Who floods with updates and reads no answers is not read either, so that no heap of answers grows. */
    @Test
    void whoAsksForUpdatesAndDoesNotReadIsHeldUp() throws IOException {
        MemoryPipe pipe = new MemoryPipe(60_000);
        SSLEngine engine = client.engine("localhost", 1);
        a = new TlsSide(pipe.left, engine);
        b = new TlsSide(pipe.right, server.engine());
        settle();
        a.reading = false;
        for (int i = 0; i < 3_000 && b.failure == null && a.failure == null; i++) {
            engine.beginHandshake();
            a.send("x");
            a.turn();
            b.turn();
        }
        assertThat(b.transport.isReadBlocked()).isTrue();
        assertThat(b.transport.interestOps(true, false)).isEqualTo(SelectionKey.OP_WRITE);
        assertThat(b.mostHeld).isLessThan(3 * TlsBuffers.MOST_RECORD);
    }

    @ParameterizedTest
    @EnumSource
    void anUpdateThatComesAfterOnesOwnEndDoesNoHarm(Version version) throws IOException {
        MemoryPipe pipe = new MemoryPipe(CAPACITY);
        SSLEngine engine = client.engine("localhost", 1);
        a = new TlsSide(pipe.left, engine);
        b = new TlsSide(pipe.right, server.engine());
        settle();
        b.end();
        b.turn();
        engine.beginHandshake();
        a.send("after");
        settle();
        a.end();
        settle();
        assertThat(b.ended || b.failure != null).as("it comes to an end").isTrue();
    }

    /** Each record of a handshake in turn is replaced by garbage, by the end, or by nothing more. */
    @ParameterizedTest
    @EnumSource
    void aHandshakeMayBreakOffAnywhere(Version version) throws IOException {
        List<byte[]> flights = new ArrayList<>();
        connect(version, withCertificate, demanding, CAPACITY);
        collect(flights);
        for (int good = 0; good <= flights.size(); good++) {
            for (String then : List.of("garbage", "end", "silence", "alert", "text")) {
                connect(version, withCertificate, demanding, CAPACITY);
                for (int i = 0; i < good; i++) {
                    settleOne(a);
                    settleOne(b);
                }
                boolean wasEstablished = b.transport.isEstablished();
                settleOne(a);
                b.raw.steal();
                switch (then) {
                    case "garbage" -> a.raw.inject(record(22, someBytes(200)));
                    case "alert" -> a.raw.inject(record(21, new byte[] {2, 40}));
                    case "text" -> a.raw.inject("hello".getBytes(StandardCharsets.US_ASCII));
                    case "end" -> a.raw.endOutput();
                    default -> {}
                }
                settleOne(b);
                String what = version + " " + then + " after " + good;
                assertThat(b.transport.holdsInput()).as(what).isFalse();
                if (then.equals("silence")) {
                    assertThat(b.failure).as(what).isNull();
                } else if (then.equals("end")) {
                    assertThat(b.ended).as(what).isTrue();
                } else if (!wasEstablished || !then.equals("text")) {
                    assertThat(b.failure).as(what).isNotNull();
                }
                b.transport.close(false);
                assertThat(b.raw.isClosed()).isTrue();
            }
        }
    }

    private void collect(List<byte[]> flights) {
        for (int i = 0; i < 10; i++) {
            long before = a.raw.written();
            settleOne(a);
            if (a.raw.written() > before) {
                flights.add(new byte[0]);
            }
            settleOne(b);
        }
        assertThat(b.transport.isEstablished()).isTrue();
    }

    private static void settleOne(TlsSide side) {
        while (side.turn() | side.runTasks()) {}
    }

    private static byte[] record(int kind, byte[] content) {
        byte[] header = {(byte) kind, 3, 3, (byte) (content.length >> 8), (byte) content.length};
        byte[] whole = Arrays.copyOf(header, header.length + content.length);
        System.arraycopy(content, 0, whole, header.length, content.length);
        return whole;
    }
}
