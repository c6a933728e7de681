package org.reactorserver.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may call it by which name: no page from elsewhere, whatever its name is made to point to. */
class HostsTest {
    private final Hosts hosts = new Hosts(Set.of("reactor.example"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1:9100",
                "192.0.2.7:9100",
                "[::1]",
                "[::1]:9100",
                "localhost",
                "LOCALHOST:9100",
                "reactor.example",
                "Reactor.Example:9100"
            })
    void ours(String host) {
        assertThat(hosts.isOurs(host)).isTrue();
        assertThat(hosts.isOwnPage("http://" + host, host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:9100",
                "127.0.0.1.evil.example",
                "localhost.evil.example",
                "127.1",
                "2130706433",
                "[::1].evil.example",
                "[evil.example]",
                "",
                ":9100",
                "user@127.0.0.1"
            })
    void notOurs(String host) {
        assertThat(hosts.isOurs(host)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "http://evil.example,     127.0.0.1:9100",
        "http://127.0.0.1:80,     127.0.0.1:9100",
        "http://evil.example,     evil.example",
        "null,                    127.0.0.1:9100",
        "file://,                 127.0.0.1:9100",
        "http://[,                127.0.0.1:9100"
    })
    void pagesFromElsewhere(String origin, String host) {
        assertThat(hosts.isOwnPage(origin, host)).isFalse();
    }
}
