package org.reactorserver.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.helper.TestKeys;

/** What of the wishes for TLS reaches the engines. */
class TlsTest {
    private static final Path CERTIFICATE = TestKeys.certificate("server");
    private static final Path KEY = TestKeys.key("server");
    private static final Path PKCS12 = TestKeys.file("server.p12");

    private static SSLContext context() throws IOException {
        TlsFiles files = new TlsFiles(List.of(CERTIFICATE, KEY));
        return TlsContext.jdk(new Identities(List.of(files.pem(CERTIFICATE, KEY))));
    }

    @Test
    void theApplicationsProtocolIsNegotiated() throws IOException {
        for (Tls keys : List.of(Tls.pem(CERTIFICATE, KEY), Tls.of(context()))) {
            LiveTls server = new LiveTls(keys.alpn("two", "one"));
            SSLEngine client =
                    ClientTls.builder().insecure().alpn("one", "two").build().engine("localhost", 1);
            SSLEngine served = TlsTrial.run(server.engine(), client);
            assertThat(TlsSession.of(served).applicationProtocol()).isEqualTo("two");
            SSLEngine stranger =
                    ClientTls.builder().insecure().alpn("three").build().engine("localhost", 1);
            assertThatThrownBy(() -> TlsTrial.run(server.engine(), stranger)).isInstanceOf(SSLException.class);
            SSLEngine silent = ClientTls.builder().insecure().build().engine("localhost", 1);
            assertThat(TlsSession.of(TlsTrial.run(server.engine(), silent)).applicationProtocol())
                    .isNull();
        }
    }

    @Test
    void aClientsCertificateIsDemanded() throws IOException {
        assertThat(new LiveTls(Tls.of(context())).engine().getNeedClientAuth()).isFalse();
        assertThat(new LiveTls(Tls.of(context()).demandClientCertificate())
                        .engine()
                        .getNeedClientAuth())
                .isTrue();
        Tls files = Tls.pem(CERTIFICATE, KEY);
        assertThat(new LiveTls(files.clientCa(TestKeys.certificate("ca")))
                        .engine()
                        .getNeedClientAuth())
                .isTrue();
        assertThat(new LiveTls(files.clientCa(TestKeys.certificate("ca")).andPem(CERTIFICATE, KEY))
                        .engine()
                        .getNeedClientAuth())
                .as("also with one more")
                .isTrue();
    }

    @Test
    void certificatesAreAdded() throws IOException {
        char[] password = TestKeys.PASSWORD.toCharArray();
        Tls two = Tls.pem(TestKeys.certificate("other"), TestKeys.key("other")).andPkcs12(PKCS12, password);
        assertThat(new LiveTls(two).shown()).contains("CN=test other until", "CN=test server until");
    }

    @Test
    void anSslContextHasItsOwnKeysAndItsOwnTrust() throws IOException {
        Tls context = Tls.of(context());
        assertThatIllegalStateException().isThrownBy(() -> context.andPem(CERTIFICATE, KEY));
        assertThatIllegalStateException().isThrownBy(() -> context.andPkcs12(PKCS12, new char[0]));
        assertThatIllegalStateException().isThrownBy(() -> context.clientCa(CERTIFICATE));
    }

    @Test
    void ofSessionsThatCouldBeResumedSoManyAreKept() throws IOException {
        assertThat(context().getServerSessionContext().getSessionCacheSize()).isEqualTo(1_024);
    }

    // ---- a client's

    @Test
    void aClientTellsWhatItWasMadeOf() throws IOException {
        ClientTls plain = ClientTls.builder().build();
        assertThat(plain.authorities()).isNull();
        assertThat(plain.certificates()).isNull();
        assertThat(plain.key()).isNull();
        assertThat(plain.serverName()).isNull();
        assertThat(plain.isChecked()).isTrue();
        ClientTls made = ClientTls.builder()
                .cacert(TestKeys.certificate("ca"))
                .certificate(CERTIFICATE, KEY)
                .serverName("localhost")
                .insecure()
                .build();
        assertThat(made.authorities()).isEqualTo(TestKeys.certificate("ca"));
        assertThat(made.certificates()).isEqualTo(CERTIFICATE);
        assertThat(made.key()).isEqualTo(KEY);
        assertThat(made.serverName()).isEqualTo("localhost");
        assertThat(made.isChecked()).isFalse();
    }

    @Test
    void itSpeaksWhatIsStrongAndChecksTheName() throws IOException {
        SSLEngine engine = ClientTls.builder().build().engine("localhost", 1);
        assertThat(engine.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
        assertThat(engine.getEnabledCipherSuites()).allMatch(TlsContext::isStrong);
        assertThat(engine.getSSLParameters().getEndpointIdentificationAlgorithm())
                .isEqualTo("HTTPS");
        SSLEngine trusting = ClientTls.builder().insecure().build().engine("localhost", 1);
        assertThat(trusting.getSSLParameters().getEndpointIdentificationAlgorithm())
                .isNotEqualTo("HTTPS");
    }

    /** RFC 6066, 3. The others are addresses, or would not be taken. */
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "9.9.9.9", "127.0.0.1", "::1", "a:b"})
    void anAddressIsNoName(String host) throws IOException {
        assertThat(namesOf(host)).isNullOrEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "a.test", "1.test", "x0", "x9"})
    void aNameIsSent(String host) throws IOException {
        assertThat(namesOf(host)).hasSize(1);
    }

    private static List<?> namesOf(String host) throws IOException {
        SSLEngine engine = ClientTls.builder().insecure().build().engine(host, 1);
        return engine.getSSLParameters().getServerNames();
    }

    // ---- buffers

    @Test
    void aBufferGrowsToWhatIsNeededOrByTwo() {
        ByteBuffer small = ByteBuffer.allocate(10);
        assertThat(TlsBuffers.larger(small, 12).capacity()).isEqualTo(20);
        assertThat(TlsBuffers.larger(small, 50).capacity()).isEqualTo(50);
    }
}
