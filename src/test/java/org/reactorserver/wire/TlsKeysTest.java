package org.reactorserver.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.helper.TestKeys;
import org.reactorserver.wire.LiveTls.Outcome;

/** Keys and certificates: what can be used, what is said of what cannot, and how new ones come into use. */
class TlsKeysTest {
    @TempDir
    private Path directory;

    private Path certificate;
    private Path key;

    @BeforeEach
    void copyKeys() throws IOException {
        certificate = directory.resolve("tls.pem");
        key = directory.resolve("tls.key");
        copy("server");
    }

    private void copy(String name) throws IOException {
        Files.copy(TestKeys.certificate(name), certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(TestKeys.key(name), key, StandardCopyOption.REPLACE_EXISTING);
    }

    private LiveTls live() throws IOException {
        return new LiveTls(Tls.pem(certificate, key));
    }

    private static String shownBy(LiveTls live) throws IOException {
        ClientTls client = ClientTls.builder().insecure().build();
        SSLEngine engine = client.engine("localhost", 1);
        TlsTrial.run(live.engine(), engine);
        return engine.getSession().getPeerPrincipal().getName();
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "server-rsa", "server-ed25519"})
    void keysOfEachKindCanBeUsed(String name) throws IOException {
        copy(name);
        assertThat(live().untimely(Instant.now())).isEmpty();
        assertThat(shownBy(live())).isEqualTo("CN=test " + name);
    }

    @Test
    void certificateAndKeyMayStandInOneFileAndTextAround() throws IOException {
        Files.writeString(
                certificate,
                "# for the tests\r\n" + Files.readString(certificate).replace("\n", "\r\n") + Files.readString(key));
        assertThat(shownBy(new LiveTls(Tls.pem(certificate, certificate)))).isEqualTo("CN=test server");
    }

    @Test
    void pkcs12CanBeUsed() throws IOException {
        LiveTls live = new LiveTls(Tls.pkcs12(TestKeys.file("server.p12"), TestKeys.PASSWORD.toCharArray()));
        assertThat(shownBy(live)).isEqualTo("CN=test server");
    }

    @Test
    void anSslContextCanBeUsedAndAskedForAnew() throws Exception {
        SSLContext first = contextOf("server");
        SSLContext second = contextOf("other");
        List<SSLContext> current = new ArrayList<>(List.of(first));
        LiveTls live = new LiveTls(Tls.of(() -> current.get(0)));
        assertThat(shownBy(live)).isEqualTo("CN=test server");
        current.set(0, second);
        assertThat(shownBy(live)).isEqualTo("CN=test other");
        assertThat(live.reload().outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(shownBy(new LiveTls(Tls.of(first)))).isEqualTo("CN=test server");
        assertThatIllegalStateException().isThrownBy(() -> Tls.of(first).clientCa(certificate));
    }

    private static SSLContext contextOf(String name) throws IOException {
        TlsFiles files = new TlsFiles(List.of(TestKeys.certificate(name), TestKeys.key(name)));
        return TlsContext.jdk(new Identities(List.of(files.pem(TestKeys.certificate(name), TestKeys.key(name)))));
    }

    @Test
    void onlyWhatIsStrongIsSpoken() throws IOException {
        SSLEngine engine = live().engine();
        assertThat(engine.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
        assertThat(engine.getEnabledCipherSuites())
                .hasSizeGreaterThan(5)
                .allMatch(suite -> suite.matches("TLS_(ECDHE_\\w+_WITH_)?(AES_\\d+_GCM|CHACHA20_POLY1305)_SHA\\d+"));
    }

    // ---- what cannot be used

    @ParameterizedTest
    @CsvSource({
        "encrypted, 'has an encrypted key (ENCRYPTED PRIVATE KEY)'",
        "sec1, 'has a key of an older format (EC PRIVATE KEY)'",
        "pkcs1, 'has a key of an older format (RSA PRIVATE KEY)'",
        "pkcs1-encrypted, 'has a key of an older format (RSA PRIVATE KEY)'"
    })
    void ofAKeyThatTheJdkCannotReadItIsSaidHowToConvertIt(String name, String problem) throws IOException {
        Files.copy(TestKeys.key(name), key, StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(this::live)
                .isInstanceOf(TlsFileException.class)
                .hasMessage("%s %s, and PKCS#8 without a password is expected; convert it: ".formatted(key, problem)
                        + "openssl pkcs8 -topk8 -nocrypt -in %s -out %s.pkcs8".formatted(key, key));
    }

    @ParameterizedTest
    @ValueSource(strings = {"other", "server-rsa", "server-ed25519"})
    void aKeyOfAnotherCertificateIsRefused(String name) throws IOException {
        Files.copy(TestKeys.key(name), key, StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(this::live)
                .hasMessage(key + " is not the key of the first certificate in " + certificate
                        + ", which must be the server's own, before those that vouch for it");
    }

    @Test
    void aFileThatIsNotThereIsNamed() throws IOException {
        Files.delete(key);
        assertThatThrownBy(this::live)
                .isInstanceOfSatisfying(
                        TlsFileException.class, e -> assertThat(e.file()).isEqualTo(key))
                .hasMessage(key + " does not exist");
        assertThatThrownBy(() -> new LiveTls(Tls.pem(directory, key)))
                .hasMessageStartingWith(directory + " cannot be read");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing",
                "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\n!!!!A\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\nAAAA\n",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
            })
    void whatIsNoCertificateOrNoKeyIsSaidInOneLine(String content) throws IOException {
        for (Path file : List.of(certificate, key)) {
            copy("server");
            Files.writeString(file, content);
            assertThatThrownBy(this::live).isInstanceOfSatisfying(TlsFileException.class, e -> {
                assertThat(e.file()).isEqualTo(file);
                assertThat(e.getMessage()).startsWith(file + " ").doesNotContain("\n");
            });
        }
    }

    @Test
    void aPkcs12FileWithAnotherPasswordIsRefused() {
        Path file = TestKeys.file("server.p12");
        assertThatThrownBy(() -> new LiveTls(Tls.pkcs12(file, "other".toCharArray())))
                .hasMessageStartingWith(file + " is no PKCS#12 file, or the password is wrong: ");
    }

    @ParameterizedTest
    @CsvSource({
        "expired, has a certificate that has expired on 2021-02-03; clients will refuse it: renew it",
        "future, 'has a certificate that is not valid before 2110-03-04; clients will refuse it until then: "
                + "check the clock, or its dates'"
    })
    void aCertificateOutOfItsTimeIsUsedAndWarnedOf(String name, String warning) throws IOException {
        copy(name);
        assertThat(live().untimely(Instant.now())).containsExactly(certificate + " " + warning);
        assertThat(shownBy(live())).isEqualTo("CN=test " + name);
    }

    /** It is valid for a hundred years, so that it is told for two weeks. */
    @Test
    void whatWillSoonHaveExpiredIsToldOfBefore() throws IOException {
        LiveTls live = live();
        Instant end = Pem.certificates(certificate, Files.readAllBytes(certificate))
                .get(0)
                .getNotAfter()
                .toInstant();
        assertThat(live.faults(end.minus(Duration.ofDays(15)))).isEmpty();
        assertThat(live.faults(end.minus(Duration.ofDays(13))))
                .singleElement()
                .asString()
                .startsWith(certificate + " has a certificate that expires on ");
        assertThat(live.faults(end.plusSeconds(1))).singleElement().asString().contains(" has expired on ");
    }

    @Test
    void newFilesThatCannotBeUsedAreAFaultUntilTheyCan() throws IOException {
        LiveTls live = live();
        String good = Files.readString(certificate);
        Files.writeString(certificate, "broken");
        live.reload();
        assertThat(live.faults(Instant.now()))
                .singleElement()
                .asString()
                .startsWith("the certificates and keys stay as they were: " + certificate + " has no certificate");
        Files.writeString(certificate, good);
        live.reload();
        assertThat(live.faults(Instant.now())).isEmpty();
    }

    // ---- new ones

    @Test
    void newKeysComeIntoUseOnceTheyAreRead() throws IOException {
        LiveTls live = live();
        copy("other");
        assertThat(shownBy(live)).isEqualTo("CN=test server");
        assertThat(live.reload()).isEqualTo(new LiveTls.Reload(Outcome.RELOADED, List.of()));
        assertThat(shownBy(live)).isEqualTo("CN=test other");
        assertThat(live.reload().outcome()).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    void aBrokenFileKeepsTheOldKeysAndIsToldOnce() throws IOException {
        LiveTls live = live();
        Files.copy(TestKeys.certificate("other"), certificate, StandardCopyOption.REPLACE_EXISTING);
        LiveTls.Reload kept = live.reload();
        assertThat(kept.outcome()).isEqualTo(Outcome.KEPT);
        assertThat(kept.text()).hasSize(1).first().asString().startsWith(key + " is not the key of");
        assertThat(live.reload().outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(shownBy(live)).isEqualTo("CN=test server");
        Files.copy(TestKeys.key("other"), key, StandardCopyOption.REPLACE_EXISTING);
        assertThat(live.reload().outcome()).isEqualTo(Outcome.RELOADED);
        assertThat(shownBy(live)).isEqualTo("CN=test other");
    }

    @Test
    void aFileThatIsGoneKeepsTheOldKeysAndIsToldOnceEachTime() throws IOException {
        LiveTls live = live();
        for (int i = 0; i < 2; i++) {
            Files.delete(key);
            assertThat(live.reload()).isEqualTo(new LiveTls.Reload(Outcome.KEPT, List.of(key + " does not exist")));
            assertThat(live.reload().outcome()).isEqualTo(Outcome.UNCHANGED);
            copy("server");
            assertThat(live.reload().outcome()).isEqualTo(Outcome.UNCHANGED);
        }
    }

    @Test
    void oldKeysThatComeBackAreUsedAgain() throws IOException {
        LiveTls live = live();
        Files.writeString(key, "broken");
        assertThat(live.reload().outcome()).isEqualTo(Outcome.KEPT);
        copy("server");
        assertThat(live.reload().outcome()).isEqualTo(Outcome.RELOADED);
        assertThat(shownBy(live)).isEqualTo("CN=test server");
    }

    @Test
    void newOnesOutOfTheirTimeAreWarnedOf() throws IOException {
        LiveTls live = live();
        copy("expired");
        LiveTls.Reload reload = live.reload();
        assertThat(reload.outcome()).isEqualTo(Outcome.RELOADED);
        assertThat(reload.text()).hasSize(1);
    }

    /** As Kubernetes does it: the files are links, and so is the directory that they lead through. */
    @Test
    void aLinkThatLeadsElsewhereIsNoticed() throws IOException {
        Path data = directory.resolve("data");
        for (String name : List.of("server", "other")) {
            Path version = Files.createDirectory(directory.resolve(name));
            Files.copy(TestKeys.certificate(name), version.resolve("c.pem"));
            Files.copy(TestKeys.key(name), version.resolve("k.key"));
        }
        Files.createSymbolicLink(data, directory.resolve("server"));
        LiveTls live = new LiveTls(Tls.pem(data.resolve("c.pem"), data.resolve("k.key")));
        Files.delete(data);
        Files.createSymbolicLink(data, directory.resolve("other"));
        assertThat(live.reload().outcome()).isEqualTo(Outcome.RELOADED);
        assertThat(shownBy(live)).isEqualTo("CN=test other");
    }

    // ---- the client's side

    @Test
    void aClientTrustsWhomItIsToldToAndChecksTheName() throws IOException {
        assertThatThrownBy(() -> TlsTrial.run(
                        live().engine(), ClientTls.builder().build().engine("localhost", 1)))
                .hasMessageContaining("PKIX path building failed");
        ClientTls.Builder trusting = ClientTls.builder().cacert(TestKeys.certificate("ca"));
        TlsTrial.run(live().engine(), trusting.build().engine("localhost", 1));
        TlsTrial.run(live().engine(), trusting.build().engine("127.0.0.1", 1));
        TlsTrial.run(live().engine(), trusting.build().engine("::1", 1));
        assertThatThrownBy(() -> TlsTrial.run(live().engine(), trusting.build().engine("other.test", 1)))
                .hasMessageContaining("other.test");
        TlsTrial.run(live().engine(), trusting.serverName("localhost").build().engine("127.0.0.2", 1));
    }

    @Test
    void aClientsFilesAreNamedToo() {
        assertThatThrownBy(() ->
                        ClientTls.builder().cacert(directory.resolve("none")).build())
                .hasMessage(directory.resolve("none") + " does not exist");
        assertThatThrownBy(() -> ClientTls.builder()
                        .certificate(TestKeys.certificate("client"), TestKeys.key("server"))
                        .build())
                .hasMessageContaining("is not the key of the first certificate");
    }
}
