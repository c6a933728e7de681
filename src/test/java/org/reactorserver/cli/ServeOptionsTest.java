package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.reactorserver.session.Settings;
import org.reactorserver.text.IpLiteral;

/** Options that may be given more than once. */
class ServeOptionsTest {

    private static Settings settings(Map<String, String> environment, String... arguments) throws Exception {
        ParsedServe parsed = new ParsedServe(new Environment(environment), null);
        CommandLines.of(parsed).parseArgs(arguments);
        Sources sources = new Sources(parsed.typed(), new Environment(environment));
        return new ServeCommand(sources).builder().settings();
    }

    @Test
    void allOfWhatIsGivenCounts() throws Exception {
        Settings settings = settings(Map.of(), "--deny", "192.0.2.1", "--deny=192.0.2.2,192.0.2.3");
        for (int i = 1; i <= 4; i++) {
            assertThat(settings.clients.permits(IpLiteral.parse("192.0.2." + i)))
                    .isEqualTo(i == 4);
        }
        assertThat(settings(Map.of(), "--listen", "127.0.0.1:1,proxy", "--listen", "unix:/run/s").listens)
                .hasToString("[127.0.0.1:1,proxy, unix:/run/s]");
    }

    @Test
    void theEnvironmentHasThemInOneText() throws Exception {
        assertThat(settings(Map.of("REACTOR_LISTEN", "127.0.0.1:1,proxy unix:/run/s")).listens)
                .hasToString("[127.0.0.1:1,proxy, unix:/run/s]");
    }

    @Test
    void theCommandLineCountsInPlaceOfTheEnvironmentNotBesideIt() throws Exception {
        Settings settings = settings(Map.of("REACTOR_DENY", "192.0.2.1"), "--deny", "192.0.2.2");
        assertThat(settings.clients.permits(IpLiteral.parse("192.0.2.1"))).isTrue();
        assertThat(settings.clients.permits(IpLiteral.parse("192.0.2.2"))).isFalse();
    }
}
