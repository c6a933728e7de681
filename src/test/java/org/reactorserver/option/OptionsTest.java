package org.reactorserver.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactorserver.ReactorServer;
import org.reactorserver.limit.AccessList;
import org.reactorserver.text.IpLiteral;
import org.reactorserver.wire.KeepAlive;

class OptionsTest {
    static List<Option<?>> all() {
        return Options.all();
    }

    private static Option<?> named(String name) {
        return all().stream()
                .filter(option -> option.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void eachHasANameOfItsOwnAndTheyAreInTheOrderOfTheirTopics() {
        assertThat(all()).extracting(Option::name).doesNotHaveDuplicates();
        assertThat(all()).isSortedAccordingTo(Comparator.comparing(Option::topic));
    }

    @ParameterizedTest
    @MethodSource("all")
    void eachSaysWhatItMeansAndWhatItHasByItself(Option<?> option) {
        assertThat(option.meaning()).endsWith(".");
        assertThat(option.standardText()).isNotBlank();
        assertThat(option.kind().label()).isNotBlank();
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatItHasByItselfIsReadAsItIsWritten(Option<?> option) {
        if (option.standard() != null) {
            assertThat(option.parse(option.standardText()).toString())
                    .isEqualTo(option.standard().toString());
        }
    }

    /** One is called otherwise by the builder, since it reads better there; files of TLS are one thing there. */
    @ParameterizedTest
    @MethodSource("all")
    void theBuilderHasAMethodForIt(Option<?> option) {
        String name = option.methodName().startsWith("tls") ? "tls" : option.methodName();
        String method = option == Options.INVALID_UTF8 ? "replaceInvalidUtf8" : name;
        assertThat(Arrays.stream(ReactorServer.Builder.class.getMethods()).map(java.lang.reflect.Method::getName))
                .contains(method);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            port          | 65536                | port must be from 0 to 65535, not 65536
            port          | -1                   | port must be from 0 to 65535, not -1
            port          | 4294967296           | port must be from 0 to 65535, not 4294967296
            port          | many                 | port 'many' is not a whole number from 0 to 65535
            max-message   | 3                    | maxMessage must be from 4 to 2147483583, not 3
            max-message   | 3GiB                 | maxMessage must be from 4 to 2147483583, not 3GiB
            max-message   | 17179869185GiB       | maxMessage must be from 4 to 2147483583, not 17179869185GiB
            max-message   | 99999999999999999999 | maxMessage must be from 4 to 2147483583, not 99999999999999999999
            max-message   | 1TB                  | maxMessage '1TB' is not a size such as 64, 16KiB or 1MiB
            idle-timeout  | -1s                  | idleTimeout '-1s' is not a duration such as 500ms, 10s or 2m
            workers       | 10001                | workers must be from 0 to 10000, or virtual, not 10001
            workers       | 99999999999          | workers must be from 0 to 10000, or virtual, not 99999999999
            workers       | all                  | workers 'all': expected a number from 0 to 10000, or virtual
            no-delay      | yes                  | noDelay 'yes' is neither true nor false
            invalid-utf8  | keep                 | invalidUtf8 'keep': expected reject or replace
            allow         | 10.0.0.0/8,1111111   | allow '1111111' is no IP address: expected an address or a block, as 192.0.2.0/24 or 2001:db8::/32; names are not looked up
            deny          | 10.1.2.3/8           | deny '10.1.2.3/8' has bits behind its prefix: expected 10.0.0.0/8, or 10.1.2.3
            proxy-trust   | ''                   | proxyTrust '' is no IP address: expected an address or a block, as 192.0.2.0/24 or 2001:db8::/32; names are not looked up
            proxy-trust   | ::1,                 | proxyTrust '' is no IP address: expected an address or a block, as 192.0.2.0/24 or 2001:db8::/32; names are not looked up
            listen        | inherit 8888         | listen '8888' is no place to listen at: expected HOST:PORT, [IPV6]:PORT, unix:PATH or inherit, with ,tls or ,proxy or both behind it
            socket-mode   | 0888                 | socketMode '0888' is no mode such as 0660 or 600
            socket-mode   | 1777                 | socketMode '1777' is no mode such as 0660 or 600
            proxy-protocol | auto                | proxyProtocol 'auto': expected off or require
            ip6-prefix    | 0                    | ip6Prefix must be from 1 to 128, not 0
            keep-idle     | 500ms                | keepIdle must be whole seconds, from 1s to 32767s, not 500ms
            keep-idle     | 0                    | keepIdle must be whole seconds, from 1s to 32767s, not 0
            keep-intvl    | 10h                  | keepIntvl must be whole seconds, from 1s to 32767s, not 10h
            keep-cnt      | 128                  | keepCnt must be from 1 to 127, not 128
            connect-rate-per-ip | 0              | connectRatePerIp must be from 1 to 1000000, not 0
            connect-rate-per-ip | 10/s           | connectRatePerIp '10/s' is not a whole number from 1 to 1000000
            """)
    void whatItCannotHaveIsToldAsItWasTyped(String name, String given, String message) {
        assertThatExceptionOfType(OptionException.class)
                .isThrownBy(() -> named(name).parse(given))
                .withMessage(message)
                .satisfies(e -> assertThat(e.given()).isEqualTo(given))
                .satisfies(e -> assertThat(e.name()).isEqualTo(name));
    }

    @Test
    void twoThatCannotBeHadTogetherAreBothNamedInTheUsersWords() {
        Values values = Values.NONE.with(Options.HIGH_WATER, 2048L).with(Options.OUTBOX_LIMIT, 1024L);
        assertThatExceptionOfType(OptionException.class)
                .isThrownBy(() -> new Figures(values, 1_000))
                .withMessage("highWater must be at most outboxLimit, which is 1KiB, not 2KiB")
                .satisfies(e -> assertThat(e.problem(name -> "--" + name))
                        .isEqualTo("must be at most --outbox-limit, which is 1KiB, not 2KiB"));
    }

    /** A default beside a value that was told is no mistake of the one who told it. */
    @Test
    void aDefaultNeedNotFitToWhatWasTold() {
        Figures figures = new Figures(Values.NONE.with(Options.OUTBOX_LIMIT, 1L).with(Options.REQUEST_MEMORY, 1L), 100);
        assertThat(figures.outboxLimit).isEqualTo(1);
        assertThat(figures.highWater).isEqualTo(65_536);
        assertThat(figures.maxConnections).isEqualTo(100 - Figures.FILES_KEPT_BACK);
    }

    private static Figures figures(Values values) {
        return new Figures(values, 1_000);
    }

    private static <T> Values with(Values values, Option<T> option, String text) {
        return values.with(option, option.parse(text));
    }

    @Test
    void severalValuesAreReadAsTheyAreWritten() {
        assertThat(Options.LISTEN.text(Options.LISTEN.parse(" [::1]:1,tls   unix:/run/s,proxy inherit ")))
                .isEqualTo("[::1]:1,tls unix:/run/s,proxy inherit");
        assertThat(Options.ALLOW.text(Options.ALLOW.parse("10.0.0.0/8 , ::1"))).isEqualTo("10.0.0.0/8,::1");
        assertThat(Options.SOCKET_MODE.text(Options.SOCKET_MODE.parse("600"))).isEqualTo("0600");
    }

    @Test
    void whereItListens() {
        assertThat(figures(Values.NONE).toldListens).hasToString("[127.0.0.1:8888]");
        Values values = with(Values.NONE, Options.LISTEN, "[::1]:1,tls unix:/run/s inherit");
        assertThat(figures(values).toldListens).hasToString("[[::1]:1,tls, unix:/run/s, inherit]");
        assertThat(figures(with(values, Options.PROXY_PROTOCOL, "require")).toldListens)
                .hasToString("[[::1]:1,tls,proxy, unix:/run/s,proxy, inherit,proxy]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            host        | 0.0.0.0 | listen     | inherit | host cannot be given beside listen, which says where it listens
            port        | 1       | listen     | inherit   | port cannot be given beside listen, which says where it listens
            keep-idle   | 1s      | keep-alive | false     | keepIdle cannot be given beside keepAlive, which is off
            keep-intvl  | 1s      | keep-alive | false     | keepIntvl cannot be given beside keepAlive, which is off
            keep-cnt    | 1       | keep-alive | false     | keepCnt cannot be given beside keepAlive, which is off
            """)
    void twoThatExcludeEachOther(String one, String value, String other, String otherValue, String message) {
        Values values = with(with(Values.NONE, named(one), value), named(other), otherValue);
        assertThatExceptionOfType(OptionException.class)
                .isThrownBy(() -> figures(values))
                .withMessage(message);
    }

    @Test
    void onlyOneCanInheritTheOneSocketThatThereIs() {
        assertThatExceptionOfType(OptionException.class)
                .isThrownBy(() -> figures(with(Values.NONE, Options.LISTEN, "inherit inherit,tls")))
                .withMessage("listen must be one inherit at most, since there is one file 0, not inherit inherit,tls");
    }

    @Test
    void whoeverIsToBeAskedHasToBeKeptAlive() {
        assertThat(figures(Values.NONE).keepAlive).isFalse();
        Figures figures = figures(with(Values.NONE, Options.KEEP_IDLE, "2m"));
        assertThat(figures.keepAlive).isTrue();
        assertThat(figures.keepAlives).isEqualTo(new KeepAlive(120, 0, 0));
    }

    @Test
    void whoMayComeInAndHowOften() {
        Figures usual = figures(Values.NONE);
        assertThat(usual.clients).isSameAs(AccessList.OPEN);
        assertThat(usual.connectRate).isNull();
        assertThat(usual.messageRate).isNull();
        assertThat(usual.proxies.permits(IpLiteral.parse("127.0.0.9"))).isTrue();
        assertThat(usual.proxies.permits(IpLiteral.parse("::1"))).isTrue();
        assertThat(usual.proxies.permits(IpLiteral.parse("192.0.2.1"))).isFalse();
        Figures told = figures(with(Values.NONE.with(Options.CONNECT_RATE_PER_IP, 5), Options.DENY, "192.0.2.1"));
        assertThat(told.clients.permits(IpLiteral.parse("192.0.2.1"))).isFalse();
        assertThat(told.connectRate).isNotNull();
    }
}
