package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        for (Callable<Integer> command : Main.commands()) {
            assertThat(Execution.commandLine(command).getCommandSpec().options())
                    .extracting(option -> Environment.variable(option.longestName()))
                    .doesNotHaveDuplicates();
        }
    }
}
