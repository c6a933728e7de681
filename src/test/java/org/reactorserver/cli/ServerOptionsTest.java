package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.reactorserver.ReactorServer;
import org.reactorserver.framing.Framing;
import org.reactorserver.session.Settings;
import org.reactorserver.text.IpLiteral;
import picocli.CommandLine;

/** Options that may be given more than once. */
class ServerOptionsTest {

    private static Settings settings(Map<String, String> environment, String... arguments) {
        CommandLine line = CommandLines.of(new ServeCommand());
        line.setDefaultValueProvider(new Sources(arguments, new Environment(environment), null));
        line.parseArgs(arguments);
        ReactorServer.Builder builder = ReactorServer.builder(Framing.lines()).handler((session, message) -> {});
        ServerOptions.configure(line.getCommandSpec(), builder);
        return builder.settings();
    }

    @Test
    void allOfWhatIsGivenCounts() {
        Settings settings = settings(Map.of(), "--deny", "192.0.2.1", "--deny=192.0.2.2,192.0.2.3");
        for (int i = 1; i <= 4; i++) {
            assertThat(settings.clients.permits(IpLiteral.parse("192.0.2." + i)))
                    .isEqualTo(i == 4);
        }
        assertThat(settings(Map.of(), "--listen", "127.0.0.1:1,proxy", "--listen", "unix:/run/s").listens)
                .hasToString("[127.0.0.1:1,proxy, unix:/run/s]");
    }

    @Test
    void theEnvironmentHasThemInOneText() {
        assertThat(settings(Map.of("REACTOR_LISTEN", "127.0.0.1:1,proxy unix:/run/s")).listens)
                .hasToString("[127.0.0.1:1,proxy, unix:/run/s]");
    }

    @Test
    void theCommandLineCountsInPlaceOfTheEnvironmentNotBesideIt() {
        Settings settings = settings(Map.of("REACTOR_DENY", "192.0.2.1"), "--deny", "192.0.2.2");
        assertThat(settings.clients.permits(IpLiteral.parse("192.0.2.1"))).isTrue();
        assertThat(settings.clients.permits(IpLiteral.parse("192.0.2.2"))).isFalse();
    }
}
