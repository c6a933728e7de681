package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class EnvironmentDefaultsTest {

    @ParameterizedTest
    @CsvSource({
        "--port, REACTOR_PORT",
        "--max-connections-per-ip, REACTOR_MAX_CONNECTIONS_PER_IP",
        "--invalid-utf8, REACTOR_INVALID_UTF8"
    })
    void everyOptionHasItsVariable(String option, String variable) {
        assertThat(EnvironmentDefaults.variable(option)).isEqualTo(variable);
    }

    @Test
    void theVariableDoesNotDependOnTheLanguage() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr")); // where i becomes İ
            assertThat(EnvironmentDefaults.variable("--idle-timeout")).isEqualTo("REACTOR_IDLE_TIMEOUT");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void noTwoOptionsOfACommandShareAVariable() {
        for (Object command : new Object[] {new ServeCommand(), new ClientCommand(), new DemoCommand()}) {
            assertThat(new CommandLine(command).getCommandSpec().options())
                    .extracting(option -> EnvironmentDefaults.variable(option.longestName()))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void whatIsNotSetHasNoValue() {
        OptionSpec unset = OptionSpec.builder("--no-such-option-of-anything").build();
        assertThat(new EnvironmentDefaults().defaultValue(unset)).isNull();
    }
}
