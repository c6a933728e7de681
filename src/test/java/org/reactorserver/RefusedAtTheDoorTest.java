package org.reactorserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.framing.Framing;
import org.reactorserver.helper.Caller;
import org.reactorserver.helper.TestKeys;
import org.reactorserver.helper.Way;
import org.reactorserver.limit.AccessList;
import org.reactorserver.limit.Cidr;
import org.reactorserver.option.Options;
import org.reactorserver.wire.ProxyHeader;
import org.reactorserver.wire.Tls;

/**
 * Connections that are refused or malformed: each has its reason in the counters, a line in the log, and no session.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RefusedAtTheDoorTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Cidr CLIENTS = Cidr.parse("192.0.2.0/24");
    private static final InetSocketAddress DENIED = new InetSocketAddress("192.0.2.66", 4_711);
    private static final InetSocketAddress OTHER = new InetSocketAddress("198.51.100.1", 4_711);
    private static final InetSocketAddress DESTINATION = new InetSocketAddress("192.0.2.1", 443);
    private static final Pattern VALUE =
            Pattern.compile("INFO (serving|limits|deadlines|endpoints|TLS|PROXY headers|access|listener|clients): ");
    private static final int V2_COMMAND = 12;
    private static final int V2_LENGTH = 14;

    @TempDir
    private Path directory;

    private final Witness witness = new Witness();
    private Captured log;
    private ReactorServer server;

    private ReactorServer.Builder builder() {
        return ReactorServer.builder(Framing.lines())
                .workers(1)
                .observer(witness)
                .handler(Session::send);
    }

    private void start(Way way) throws IOException {
        start(way, builder());
    }

    /** What is logged once it listens can be asked for by {@link #logged}. */
    private void start(Way way, ReactorServer.Builder builder) throws IOException {
        server = way.open(builder, directory).start();
        log = Captured.withInfo();
    }

    @AfterEach
    void stop() {
        log.close();
        server.close();
    }

    private Caller connect(Way way) throws IOException {
        return way.connect(server, directory);
    }

    private Caller enter(Way way) throws IOException {
        return way.enter(server, directory);
    }

    /** One that comes by a proxy on behalf of this address. */
    private Caller onBehalfOf(InetSocketAddress client) throws IOException {
        return connect(Way.PROXY_V2).send(ProxyHeader.v2(client, DESTINATION));
    }

    /** Waits until a connection was closed for this reason; it is the only one that was. */
    private void assertClosed(CloseReason reason) {
        while (server.stats().closed().values().stream()
                        .mapToLong(Long::longValue)
                        .sum()
                == 0) {
            Thread.onSpinWait();
        }
        assertThat(server.stats().closed()).containsEntry(reason, 1L);
    }

    /** It was refused, and the log has a line with all of this and no other one. */
    private void assertRefused(CloseReason reason, String... said) {
        assertClosed(reason);
        while (server.stats().refused() == 0) { // which is counted behind that
            Thread.onSpinWait();
        }
        assertThat(server.stats().refused()).isOne();
        assertThat(server.stats().accepted()).isZero();
        assertLogged(said);
    }

    private void assertLogged(String... said) {
        assertThat(logged()).singleElement().asString().contains(said);
    }

    /** Without the values in force, which come first. */
    private List<String> logged() {
        return log.lines("").stream()
                .filter(line -> !VALUE.matcher(line).find())
                .toList();
    }

    private static String told(Caller client) {
        return new String(client.untilGone(), UTF_8);
    }

    // ---- by address

    @Test
    void theClientsAddressDecidesAndNotTheProxys() throws Exception {
        start(Way.PROXY_V2, builder().allow(CLIENTS).deny(Cidr.parse("192.0.2.66")));
        try (Caller good = onBehalfOf(Way.CLIENT);
                Caller denied = onBehalfOf(DENIED);
                Caller other = onBehalfOf(OTHER)) {
            assertThat(good.send("hello\n").line()).isEqualTo("hello");
            assertThat(told(denied)).isEqualTo("error: access denied\n");
            assertThat(told(other)).isEqualTo("error: access denied\n");
        }
        witness.await("two are refused", () -> witness.refused.size() == 2);
        assertThat(witness.refused).containsOnly(CloseReason.ACCESS_DENIED);
    }

    private static byte[] forgedLocal() {
        byte[] forged = ProxyHeader.v2(Way.CLIENT, DESTINATION);
        forged[V2_COMMAND] = ProxyHeader.local()[V2_COMMAND];
        return forged;
    }

    /** Whatever a header of the command LOCAL says of addresses is a forgery, or of no use: sozu #1334. */
    @Test
    void aForgedAddressInALocalHeaderIsNotLookedAt() throws Exception {
        start(Way.PROXY_V2);
        try (Caller attacker = connect(Way.PROXY_V2).send(forgedLocal())) {
            assertThat(attacker.send("hello\n").line()).isEqualTo("hello");
            assertThat(witness.connected.get(0).peer()).isEqualTo(attacker.address());
        }
    }

    /** The attack itself: a client that is no proxy claims that its connection is the proxy's own. */
    @Test
    void aLocalHeaderFromAnybodyElseIsRefused() throws Exception {
        start(Way.PROXY_V2, builder().proxyTrust(Cidr.parse("192.0.2.1")).allow(CLIENTS));
        try (Caller attacker = connect(Way.PROXY_V2)) {
            assertThat(attacker.untilGone()).isEmpty();
        }
        assertClosed(CloseReason.PROXY_HEADER_REFUSED);
    }

    /** Or a list of clients would have the balancer take the server for dead. */
    @ParameterizedTest
    @ValueSource(strings = {"PROXY_V2", "PROXY_TLS"})
    void aHealthCheckIsNoClient(Way way) throws Exception {
        start(
                way,
                builder()
                        .allow(CLIENTS)
                        .deny(Cidr.parse("127.0.0.1"))
                        .connectRatePerIp(1)
                        .maxConnectionsPerIp(1));
        List<Caller> checks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Caller check = connect(way).send(i == 1 ? forgedLocal() : ProxyHeader.local());
            checks.add(way == Way.PROXY_TLS ? check.shakeHands("TLSv1.3") : check);
        }
        for (Caller check : checks) {
            assertThat(check.send("alive\n").line()).isEqualTo("alive");
            check.close();
        }
        witness.awaitClosed(3);
        assertThat(server.stats().refused()).isZero();
    }

    @Test
    void aHealthCheckTakesUpRoom() throws Exception {
        start(Way.PROXY_V2, builder().maxConnections(1));
        try (Caller check = connect(Way.PROXY_V2).send(ProxyHeader.local())) {
            assertThat(check.send("alive\n").line()).isEqualTo("alive");
            try (Caller second = connect(Way.PROXY_V2).send(ProxyHeader.local())) {
                assertThat(told(second)).isEqualTo("error: too many connections\n");
            }
        }
    }

    @Test
    void anUnknownClientOfVersion1IsItsProxy() throws Exception {
        start(Way.PROXY_V1, builder().allow(CLIENTS));
        try (Caller attacker = connect(Way.PROXY_V1)) {
            attacker.send("PROXY UNKNOWN 192.0.2.7 192.0.2.1 4711 443\r\n");
            assertThat(told(attacker)).isEqualTo("error: access denied\n");
        }
        assertClosed(CloseReason.ACCESS_DENIED);
    }

    /** Who may not come in costs no handshake. */
    @Test
    void behindAProxyOneIsDeniedBeforeTls() throws Exception {
        start(Way.PROXY_TLS, builder().deny(CLIENTS));
        try (Caller denied = connect(Way.PROXY_TLS).send(Way.PROXY_TLS.header())) {
            assertThat(denied.untilGone()).isEmpty();
        }
        assertClosed(CloseReason.ACCESS_DENIED);
    }

    @Test
    void aListAtRunTimeConcernsWhoComesFromThenOn() throws Exception {
        start(Way.PROXY_V2);
        try (Caller one = onBehalfOf(DENIED)) {
            assertThat(one.send("one\n").line()).isEqualTo("one");
            server.setClients(AccessList.of(List.of(), List.of(Cidr.parse("192.0.2.66"))));
            try (Caller two = onBehalfOf(DENIED);
                    Caller three = onBehalfOf(Way.CLIENT)) {
                assertThat(told(two)).isEqualTo("error: access denied\n");
                assertThat(three.send("three\n").line()).isEqualTo("three");
            }
            assertThat(one.send("still\n").line()).isEqualTo("still");
            server.setClients(AccessList.OPEN);
            try (Caller four = onBehalfOf(DENIED)) {
                assertThat(four.send("four\n").line()).isEqualTo("four");
            }
        }
    }

    @Test
    void theConnectRateIsTheClientsAndNotTheProxys() throws Exception {
        start(Way.PROXY_V2, builder().connectRatePerIp(2).clock(() -> 0)); // on which no second passes
        List<Caller> in = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            in.add(onBehalfOf(Way.CLIENT));
            in.add(onBehalfOf(OTHER));
        }
        for (Caller each : in) {
            assertThat(each.send("in\n").line()).isEqualTo("in");
        }
        try (Caller third = onBehalfOf(Way.CLIENT)) {
            assertThat(told(third)).isEqualTo("error: too many new connections from this address\n");
        }
        assertClosed(CloseReason.CONNECT_RATE_EXCEEDED);
        for (Caller each : in) {
            each.close();
        }
        for (int i = 1; i <= in.size(); i++) {
            witness.awaitClosed(i);
        }
    }

    @Test
    void theLimitPerAddressIsTheClientsAndNotTheProxys() throws Exception {
        start(Way.PROXY_TLS, builder().maxConnectionsPerIp(1));
        try (Caller one = enter(Way.PROXY_TLS);
                Caller same = connect(Way.PROXY_TLS).send(Way.PROXY_TLS.header());
                Caller other = connect(Way.PROXY_TLS).send(ProxyHeader.v1(OTHER, DESTINATION))) {
            assertThat(one.send("one\n").line()).isEqualTo("one");
            assertThat(same.untilGone()).isEmpty();
            assertThat(other.shakeHands("TLSv1.3").send("other\n").line()).isEqualTo("other");
            assertClosed(CloseReason.TOO_MANY_FROM_ADDRESS);
        }
    }

    // ---- the PROXY header

    @Test
    void aSenderThatIsNotTrustedIsRefused() throws Exception {
        start(Way.PROXY_V2, builder().proxyTrust(Cidr.parse("192.0.2.1")));
        try (Caller client = connect(Way.PROXY_V2)) {
            assertThat(client.untilGone()).isEmpty();
        }
        assertRefused(
                CloseReason.PROXY_HEADER_REFUSED,
                "no PROXY header is taken from 127.0.0.1: --proxy-trust names those that may send it");
    }

    private static byte[] v2(int at, int value) {
        byte[] header = ProxyHeader.v2(Way.CLIENT, DESTINATION);
        header[at] = (byte) value;
        return header;
    }

    static Stream<Arguments> badHeaders() {
        return Stream.of(
                Arguments.of("hello\n".getBytes(UTF_8), "no PROXY header: the connection begins with 'hello\\n'"),
                Arguments.of("PROXY TCP4 192.0.2.7\r\n".getBytes(UTF_8), "PROXY header malformed: 'TCP4 192.0.2.7'"),
                Arguments.of("PROXY TCP4 ".repeat(10).getBytes(UTF_8), "PROXY header too long: version 1"),
                Arguments.of(v2(V2_COMMAND, 0x31), "PROXY header malformed: version and command are 0x31"),
                Arguments.of(v2(V2_LENGTH, 0x7F), "PROXY header too long: version 2"),
                Arguments.of(v2(V2_LENGTH + 1, 3), "PROXY header malformed: version 2 has 3 bytes of addresses"));
    }

    @ParameterizedTest
    @MethodSource("badHeaders")
    void aBadHeaderIsAnsweredWithNothing(byte[] header, String line) throws Exception {
        start(Way.PROXY_V2);
        try (Caller client = connect(Way.PROXY_V2).send(header)) {
            assertThat(client.untilGone()).isEmpty();
        }
        assertRefused(CloseReason.PROXY_HEADER_REFUSED, "127.0.0.1:", line);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 15, 27})
    void aStreamThatEndsInsideTheHeaderIsNoClient(int count) throws Exception {
        start(Way.PROXY_V2);
        try (Caller client = connect(Way.PROXY_V2).send(Arrays.copyOf(Way.PROXY_V2.header(), count))) {
            client.endOutput();
            assertThat(client.untilGone()).isEmpty();
        }
        assertRefused(
                CloseReason.PROXY_HEADER_REFUSED,
                "PROXY header malformed: the stream ended after " + count + " bytes of it");
    }

    /** As a balancer's health check does it. */
    @ParameterizedTest
    @ValueSource(strings = {"PROXY_V2", "TLS_1_3", "PROXY_TLS"})
    void whoOnlyConnectsIsNoClientAndNoNews(Way way) throws Exception {
        start(way);
        try (Caller client = connect(way).endOutput()) {
            assertThat(client.untilGone()).isEmpty();
        }
        assertClosed(CloseReason.END_OF_STREAM);
        assertThat(server.stats().accepted() + server.stats().refused()).isZero();
        assertThat(logged()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 11, 13, 16, 27})
    void whoIsSilentInsideTheHeaderHasItsTime(int count) throws Exception {
        start(Way.PROXY_V2, builder().set(Options.HANDSHAKE_TIMEOUT, SHORT));
        try (Caller client = connect(Way.PROXY_V2)) {
            client.send(Arrays.copyOf(Way.PROXY_V2.header(), count));
            assertThat(client.untilGone()).isEmpty();
        }
        assertRefused(CloseReason.ARRIVAL_TIMEOUT, "PROXY header too late");
    }

    // ---- TLS

    /** What a client of the JDK says first. */
    private static byte[] hello() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(20_000);
        engine.wrap(ByteBuffer.allocate(0), hello);
        return Arrays.copyOf(hello.array(), hello.position());
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, false", "4, false", "5, false", "100, false", "0, true"})
    void whoIsSilentInsideTheHandshakeHasItsTime(int count, boolean isHelloWhole) throws Exception {
        start(Way.PROXY_TLS, builder().set(Options.HANDSHAKE_TIMEOUT, SHORT));
        byte[] hello = hello();
        try (Caller client = connect(Way.PROXY_TLS).send(Way.PROXY_TLS.header())) {
            client.send(isHelloWhole ? hello : Arrays.copyOf(hello, count));
            byte[] answer = client.untilGone();
            if (!isHelloWhole) { // else there is an answer if the server is fast enough
                assertThat(answer).isEmpty();
            }
        }
        assertRefused(CloseReason.ARRIVAL_TIMEOUT, "TLS handshake", "in time");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello\n", "GET / HTTP/1.1\r\n\r\n", "\0\0\0\5hello", "PROXY UNKNOWN\r\n"})
    void whatIsNoTlsIsAnsweredWithNothing(String text) throws Exception {
        start(Way.TLS_1_3);
        try (Caller client = connect(Way.TLS_1_3).send(text)) {
            assertThat(client.untilGone()).isEmpty();
        }
        assertRefused(CloseReason.NOT_TLS, "127.0.0.1:", "not TLS");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0016\3\1\0\4abcd", // no handshake message
                "\u0016\3\1\377\377", // longer than any record
                "\u0017\3\3\0\4abcd", // data, before there are keys
                "\u0015\3\3\0\2\2\50" // an alert: the client does not go on
            })
    void garbageInRecordsFailsTheHandshake(String bytes) throws Exception {
        start(Way.TLS_1_3);
        try (Caller client = connect(Way.TLS_1_3).send(bytes.getBytes(ISO_8859_1))) {
            client.untilGone();
        }
        assertRefused(CloseReason.HANDSHAKE_FAILED, "127.0.0.1:", "TLS handshake failed: ");
    }

    @Test
    void aRenegotiationIsRefused() throws Exception {
        start(Way.TLS_1_2);
        try (Caller client = enter(Way.TLS_1_2)) {
            assertThat(client.send("hello\n").line()).isEqualTo("hello");
            assertThatThrownBy(() -> {
                        client.renegotiate();
                        client.line();
                    })
                    .isInstanceOf(IOException.class);
        }
        assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.TLS_FAILED);
        assertLogged("the peer asks for a renegotiation, which is refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLS_1_3", "TLS_1_2"})
    void aRecordThatWasTamperedWithEndsTheSession(Way way) throws Exception {
        start(way);
        try (Caller client = enter(way)) {
            assertThat(client.send("hello\n").line()).isEqualTo("hello");
            client.below().send("\u0017\3\3\0\40".getBytes(ISO_8859_1)).send(new byte[32]);
            client.untilGone();
        }
        assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.TLS_FAILED);
        assertLogged("TLS failed: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLS_1_3", "TLS_1_2", "PROXY_TLS", "UNIX_TLS"})
    void aStreamThatIsCutOffIsAnsweredAndSaidSo(Way way) throws Exception {
        start(way);
        try (Caller client = enter(way)) {
            client.send("hello\n");
            client.below().endOutput();
            client.untilGone(); // what is encrypted, up to the end
        }
        assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.TRUNCATED_STREAM);
        assertThat(server.stats().repliesWritten()).isOne();
        assertThat(server.stats().repliesDropped()).isZero();
    }

    static Stream<Arguments> plainOnes() {
        return Stream.of(Way.PLAIN, Way.PROXY_V2, Way.UNIX)
                .flatMap(way -> Stream.of(
                                Framing.lines(), Framing.chunks(), Framing.lengthPrefixed(), Framing.octetCounted())
                        .map(framing -> Arguments.of(way, framing)));
    }

    @ParameterizedTest
    @MethodSource("plainOnes")
    void tlsAtAPlainEndpointIsSaidToBeSo(Way way, Framing framing) throws Exception {
        start(way, ReactorServer.builder(framing).observer(witness).handler(Session::send));
        try (Caller client = enter(way)) {
            assertThatThrownBy(() -> client.shakeHands("TLSv1.3")).isInstanceOf(SSLException.class);
        }
        assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.TLS_NOT_SPOKEN);
        assertThat(server.stats().closed()).containsEntry(CloseReason.TLS_NOT_SPOKEN, 1L);
        assertThat(server.stats().messagesRead()).isZero();
        assertLogged("the peer speaks TLS where none is spoken: --tls-cert, or a --listen with ,tls");
    }

    @Test
    void tlsOfWhoWaitsForItsTurnIsSaidToBeSo() throws Exception {
        start(Way.PLAIN, builder().activeSessions(1));
        try (Caller served = connect(Way.PLAIN).send("hello\n");
                Caller waiting = connect(Way.PLAIN)) {
            assertThat(served.line()).isEqualTo("hello");
            waiting.send(hello());
            assertThat(told(waiting)).isEqualTo("error: TLS where none is spoken\n");
            assertThat(witness.awaitClosed(2)).isEqualTo(CloseReason.TLS_NOT_SPOKEN);
        }
    }

    /** Only at the beginning: later it is what a message may be. */
    @Test
    void aHelloBehindAMessageIsAMessage() throws Exception {
        start(Way.PLAIN, builder().set(Options.CHARSET, ISO_8859_1));
        String hello = new String(hello(), ISO_8859_1).replace('\n', ' ').replace('\r', ' ');
        try (Caller client = connect(Way.PLAIN).send("hello\n")) {
            assertThat(client.line()).isEqualTo("hello");
            client.send((hello + "\n").getBytes(ISO_8859_1))
                    .send("still here\n")
                    .endOutput();
            assertThat(new String(client.untilGone(), ISO_8859_1)).isEqualTo(hello + "\nstill here\n");
        }
    }

    /** The beginnings of a hello, and what is almost one, are messages. */
    @ParameterizedTest
    @ValueSource(strings = {"\26\3\1\0\5\1\0\0\2\3\3\n", "\26\3\5\0\6\1\0\0\2\3\3\n", "\26\3\1\0\6\1\n", "\26\3\n"})
    void whatIsAlmostTlsIsAMessage(String text) throws Exception {
        start(Way.PLAIN);
        try (Caller client = connect(Way.PLAIN).send(text).endOutput()) {
            assertThat(told(client)).isEqualTo(text);
        }
    }

    // ---- the room for those that arrive

    /** 1,024 is {@code Figures.MOST_ARRIVING}. */
    @ParameterizedTest
    @ValueSource(strings = {"TLS_1_3", "PROXY_V2"})
    void silentOnesKeepNobodyOut(Way way) throws Exception {
        start(way);
        List<Caller> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 1_024; i++) {
                silent.add(connect(way));
            }
            try (Caller good = enter(way)) {
                assertThat(good.send("hello\n").line()).isEqualTo("hello");
            }
            assertThat(silent.get(0).untilGone()).isEmpty();
            assertClosed(CloseReason.ARRIVAL_OVERTAKEN);
        } finally {
            for (Caller each : silent) {
                each.close();
            }
        }
    }

    // ---- new keys

    private Path copy(String name, String as) throws IOException {
        return Files.copy(TestKeys.file(name), directory.resolve(as), StandardCopyOption.REPLACE_EXISTING);
    }

    private String certificate() throws IOException {
        try (Caller client = new Caller(server.address()).shakeHands("TLSv1.3")) {
            return client.certificate();
        }
    }

    @Test
    void newKeysConcernNewConnectionsAndBrokenOnesNobody() throws Exception {
        Tls files = Tls.pem(copy("server.pem", "now.pem"), copy("server.key", "now.key"));
        server = builder().port(0).tls(files).start();
        log = Captured.withInfo();
        String before = certificate();
        try (Caller old = new Caller(server.address()).shakeHands("TLSv1.3")) {
            copy("server-rsa.pem", "now.pem");
            copy("server-rsa.key", "now.key");
            server.reloadTls();
            while (log.lines("as they are in the files now").isEmpty()) {
                Thread.onSpinWait();
            }
            String after = certificate();
            assertThat(after).isNotEqualTo(before);
            assertThat(old.send("still\n").line()).isEqualTo("still");

            copy("server.key", "now.key"); // which does not fit
            server.reloadTls();
            while (log.lines("stay as they were").isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(log.lines("stay as they were"))
                    .singleElement()
                    .asString()
                    .contains(directory.toString());
            assertThat(certificate()).isEqualTo(after);
            assertThat(old.send("still\n").line()).isEqualTo("still");
        }
    }
}
