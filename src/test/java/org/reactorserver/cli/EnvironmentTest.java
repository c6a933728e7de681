package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Model.CommandSpec;

class EnvironmentTest {

    @ParameterizedTest
    @CsvSource({
        "--port, REACTOR_PORT",
        "--max-connections-per-ip, REACTOR_MAX_CONNECTIONS_PER_IP",
        "--invalid-utf8, REACTOR_INVALID_UTF8"
    })
    void everyOptionHasItsVariable(String option, String variable) {
        assertThat(Environment.variable(option)).isEqualTo(variable);
    }

    @Test
    void theVariableDoesNotDependOnTheLanguage() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr")); // where i becomes İ
            assertThat(Environment.variable("--idle-timeout")).isEqualTo("REACTOR_IDLE_TIMEOUT");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void noTwoOptionsOfACommandShareAVariable() {
        for (CommandSpec command : Commands.specs()) {
            assertThat(command.options())
                    .extracting(option -> Environment.variable(option.longestName()))
                    .doesNotHaveDuplicates();
        }
    }

    private static final Environment OF_A_POD = new Environment(new TreeMap<>(Map.of(
            "PATH", "/bin",
            "REACTOR_PORT", "tcp://127.0.0.1:8888",
            "REACTOR_PORT_8888_TCP", "tcp://127.0.0.1:8888",
            "REACTOR_PORT_8888_TCP_ADDR", "127.0.0.1",
            "REACTOR_SERVICE_HOST", "127.0.0.1",
            "REACTOR_SERVICE_PORT_WEB", "8888",
            "REACTOR_ADMIN_PORT", "udp://127.0.0.1:1",
            "REACTOR_MAX_MESSAGE", "1MiB",
            "REACTOR_MAX_MESAGE", "2MiB")));

    @Test
    void whatKubernetesSetsIsNoOption() {
        assertThat(OF_A_POD.ofKubernetes())
                .containsExactly(
                        "REACTOR_ADMIN_PORT",
                        "REACTOR_PORT",
                        "REACTOR_PORT_8888_TCP",
                        "REACTOR_PORT_8888_TCP_ADDR",
                        "REACTOR_SERVICE_HOST",
                        "REACTOR_SERVICE_PORT_WEB");
        assertThat(OF_A_POD.get("--port")).isNull();
        assertThat(OF_A_POD.get("--max-message")).isEqualTo("1MiB");
        assertThat(new Environment(Map.of("REACTOR_PORT", "tcp")).get("--port")).isEqualTo("tcp");
    }

    @Test
    void whatIsNoOptionIsKnown() {
        assertThat(OF_A_POD.unknown(List.of("--port", "--max-message"))).containsExactly("REACTOR_MAX_MESAGE");
    }

    /** It must not be taken for what Kubernetes sets. */
    @Test
    void noOptionLooksAsIfItWereOfKubernetes() {
        for (CommandSpec command : Commands.specs()) {
            assertThat(command.options()).allSatisfy(option -> {
                String variable = Environment.variable(option.longestName());
                assertThat(new Environment(Map.of(variable, "1")).ofKubernetes())
                        .isEmpty();
            });
        }
    }

    /** The parser takes a flag for the opposite of its default, which the variable is to it. */
    @Test
    void aFlagThatIsTypedTooIsNotTakenBack() {
        Environment environment = new Environment(Map.of("REACTOR_TOGETHER", "true"));
        ClientCommand command = new ClientCommand();
        Execution.of(command, new String[] {"--together", "--count", "0"}, environment);
        assertThat(command.together).isTrue();
    }
}
