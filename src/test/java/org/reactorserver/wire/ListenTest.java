package org.reactorserver.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            127.0.0.1:8888              | TCP       | false | false
            0.0.0.0:0                   | TCP       | false | false
            localhost:1                 | TCP       | false | false
            [::1]:8888,tls              | TCP       | true  | false
            [fe80::1%lo]:8888           | TCP       | false | false
            127.0.0.1:8888,proxy        | TCP       | false | true
            127.0.0.1:8888,tls,proxy    | TCP       | true  | true
            unix:/run/server.sock       | UNIX      | false | false
            unix:server.sock,tls        | UNIX      | true  | false
            inherit                     | INHERITED | false | false
            inherit,tls,proxy           | INHERITED | true  | true
            """)
    void whatItIs(String text, Endpoint.Kind kind, boolean tls, boolean proxy) {
        Listen listen = Listen.parse(text);
        assertThat(listen.endpoint().kind()).isEqualTo(kind);
        assertThat(listen.tls()).isEqualTo(tls);
        assertThat(listen.proxy()).isEqualTo(proxy);
        assertThat(listen).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:1,proxy,tls"})
    void theOrderIsThatOfTheWireNotThatOfTheText(String text) {
        assertThat(Listen.parse(text)).hasToString("127.0.0.1:1,tls,proxy");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            8888                    | '8888' is no place to listen at: expected
            127.0.0.1               | '127.0.0.1' is no place to listen at: expected
            127.0.0.1:              | '127.0.0.1:' is no place to listen at: expected
            127.0.0.1:65536         | '127.0.0.1:65536' is no place to listen at: expected
            127.0.0.1:-1            | '127.0.0.1:-1' is no place to listen at: expected
            127.0.0.1:8888,ssl      | '127.0.0.1:8888,ssl' is no place to listen at: expected
            127.0.0.1:8888,tls,tls  | '127.0.0.1:8888,tls,tls' is no place to listen at: expected
            :8888                   | ':8888' has no host; 0.0.0.0 is all of IPv4, [::] is all: expected
            []:8888                 | '[]:8888' has no host; 0.0.0.0 is all of IPv4, [::] is all: expected
            ::1:8888                | '::1:8888' has an IPv6 address without brackets: expected
            [127.0.0.1]:8888        | '[127.0.0.1]:8888' has no IP address '127.0.0.1': expected
            [::g]:8888              | '[::g]:8888' has no IP address '::g': expected
            127.1:8888              | '127.1:8888' has no IP address '127.1': expected
            1111111:8888            | '1111111:8888' has no IP address '1111111': expected
            unix:                   | 'unix:' has no path: expected
            inherited               | 'inherited' is no place to listen at: expected
            ''                      | '' is no place to listen at: expected
            """)
    void whatItIsNot(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Listen.parse(text))
                .withMessage(message + " " + Listen.FORM);
    }
}
