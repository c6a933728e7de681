package org.reactorserver.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactorserver.helper.TestKeys;

/** Which of several certificates a client gets, and what is said of one. */
class IdentitiesTest {

    private static Identity identity(String name) throws IOException {
        Path certificate = TestKeys.certificate(name);
        Path key = TestKeys.key(name);
        return new TlsFiles(List.of(certificate, key)).pem(certificate, key);
    }

    private static Identities identities(String... names) throws IOException {
        List<Identity> all = new ArrayList<>();
        for (String name : names) {
            all.add(identity(name));
        }
        return new Identities(all);
    }

    private static LiveTls live(String first, String... others) throws IOException {
        Tls keys = Tls.pem(TestKeys.certificate(first), TestKeys.key(first));
        for (String other : others) {
            keys = keys.andPem(TestKeys.certificate(other), TestKeys.key(other));
        }
        return new LiveTls(keys);
    }

    private static String shownTo(String host, LiveTls live) throws IOException {
        SSLEngine engine = ClientTls.builder().insecure().build().engine(host, 1);
        TlsTrial.run(live.engine(), engine);
        return engine.getSession().getPeerPrincipal().getName();
    }

    @ParameterizedTest
    @CsvSource({
        "other.test, true",
        "a.wild.test, true",
        "wild.test, false",
        "a.b.wild.test, false",
        "localhost, false",
        "test, false",
        ".wild.test, true" // no host has this name; the wildcard stands for a label, which is not looked at
    })
    void theHostsThatItIsFor(String host, boolean expected) throws IOException {
        assertThat(identity("other").isFor(host)).isEqualTo(expected);
    }

    @Test
    void itsNamesAreThoseOfHosts() throws IOException {
        assertThat(identity("other").names()).containsExactly("other.test", "*.wild.test");
        assertThat(identity("server").names()).as("and no addresses").containsExactly("localhost");
        assertThat(identity("stranger").names()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, CN=test server",
        "other.test, CN=test other",
        "OTHER.test, CN=test other",
        "deep.wild.test, CN=test other",
        "nobody.test, CN=test server", // the first one
        "127.0.0.1, CN=test server"
    })
    void theOneForTheNameThatIsAskedFor(String host, String subject) throws IOException {
        assertThat(shownTo(host, live("server", "other"))).isEqualTo(subject);
    }

    @Test
    void theFirstOneIsTheUsualOne() throws IOException {
        assertThat(shownTo("nobody.test", live("other", "server"))).isEqualTo("CN=test other");
        assertThat(shownTo("localhost", live("other", "server"))).isEqualTo("CN=test server");
    }

    /** Of another kind than the first, for the same names: it is as good. One without names is like none. */
    @Test
    void whoIsLikeTheFirstMayStandForIt() throws IOException {
        Identities same = identities("server", "other", "server-rsa");
        SSLEngine engine = live("server").engine();
        assertThat(same.chooseEngineServerAlias("EC", null, engine)).isEqualTo("0");
        assertThat(same.chooseEngineServerAlias("RSA", null, engine)).isEqualTo("2");
        assertThat(same.chooseEngineServerAlias("EdDSA", null, engine)).isNull();
        assertThat(identities("other", "server-rsa").chooseEngineServerAlias("RSA", null, engine))
                .isNull();
        assertThat(identities("stranger", "server-rsa").chooseEngineServerAlias("RSA", null, engine))
                .isNull();
    }

    @Test
    void whatAJdkMayAskToo() throws IOException {
        Identities both = identities("server", "server-rsa");
        assertThat(both.getServerAliases("RSA", null)).containsExactly("1");
        assertThat(both.getClientAliases("EC", null)).containsExactly("0");
        assertThat(both.chooseServerAlias("RSA", null, null)).isEqualTo("1");
        assertThat(both.chooseClientAlias(new String[] {"EdDSA", "RSA"}, null, null))
                .isEqualTo("1");
        assertThat(both.chooseEngineClientAlias(new String[] {"EdDSA"}, null, null))
                .isNull();
        assertThat(both.getCertificateChain("1")[0])
                .isEqualTo(identity("server-rsa").certificate());
        assertThat(both.getPrivateKey("0")).isEqualTo(identity("server").key());
    }

    /** With each of them a trial is made before the keys come into use. */
    @Test
    void theHostsThatThereAreCertificatesFor() throws IOException {
        Tls keys = Tls.pem(TestKeys.certificate("server"), TestKeys.key("server"))
                .andPem(TestKeys.certificate("other"), TestKeys.key("other"));
        assertThat(keys.load(keys.read()).names()).containsExactly("localhost", "other.test", "*.wild.test");
    }

    @Test
    void aKeyIsOfOneCertificate() throws IOException {
        Identity server = identity("server");
        assertThat(server.isOfOneKey()).isTrue();
        assertThat(new Identity(server.chain(), identity("other").key()).isOfOneKey())
                .isFalse();
        assertThat(new Identity(server.chain(), identity("server-rsa").key()).isOfOneKey())
                .isFalse();
    }

    @Test
    void itIsShownWithItsLastDay() throws IOException {
        assertThat(identity("server").shown()).matches("CN=test server until \\d{4}-\\d\\d-\\d\\d");
        assertThat(live("server", "other").shown())
                .matches("TLSv1\\.3, TLSv1\\.2; CN=test server until [-0-9]+; CN=test other until [-0-9]+");
        LiveTls demanding = new LiveTls(
                Tls.pem(TestKeys.certificate("server"), TestKeys.key("server")).clientCa(TestKeys.certificate("ca")));
        assertThat(demanding.shown()).endsWith("; clients must show a certificate");
    }

    /** A certificate for years is warned of for two weeks; at the very end it has not expired. */
    @Test
    void theLastDays() throws IOException {
        Identity server = identity("server");
        Instant end = server.certificate().getNotAfter().toInstant();
        assertThat(server.expiring(end.minus(Duration.ofDays(14)))).isNull();
        assertThat(server.expiring(end.minus(Duration.ofDays(14)).plusNanos(1))).contains("expires on");
        assertThat(server.expiring(end)).contains("expires on");
        assertThat(server.untimely(end)).isNull();
        assertThat(server.expiring(end.plusNanos(1))).isNull();
        assertThat(server.untimely(end.plusNanos(1))).contains("has expired on");
        Instant begin = server.certificate().getNotBefore().toInstant();
        assertThat(server.untimely(begin)).isNull();
        assertThat(server.untimely(begin.minusNanos(1))).contains("is not valid before");
    }
}
