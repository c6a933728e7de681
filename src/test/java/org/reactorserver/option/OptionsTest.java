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

    /** Two are called otherwise by the builder, since they read better there. */
    @ParameterizedTest
    @MethodSource("all")
    void theBuilderHasAMethodForIt(Option<?> option) {
        String method = option == Options.INVALID_UTF8 ? "replaceInvalidUtf8" : option.methodName();
        assertThat(Arrays.stream(ReactorServer.Builder.class.getMethods()).map(java.lang.reflect.Method::getName))
                .contains(method);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            port          | 65536                | port must be from 0 to 65535, not 65536
            port          | -1                   | port must be from 0 to 65535, not -1
            port          | 4294967296           | port must be from 0 to 65535, not 4294967296
            port          | many                 | port 'many' is not a whole number
            max-message   | 3                    | maxMessage must be from 4 to 2147483583, not 3
            max-message   | 3GiB                 | maxMessage must be from 4 to 2147483583, not 3GiB
            max-message   | 17179869185GiB       | maxMessage must be from 4 to 2147483583, not 17179869185GiB
            max-message   | 99999999999999999999 | maxMessage must be from 4 to 2147483583, not 99999999999999999999
            max-message   | 1TB                  | maxMessage '1TB' is not a size such as 64, 16KiB or 1MiB
            idle-timeout  | -1s                  | idleTimeout '-1s' is not a duration such as 500ms, 10s or 2m
            workers       | 10001                | workers must be from 0 to 10000, or virtual, not 10001
            workers       | 99999999999          | workers must be from 0 to 10000, or virtual, not 99999999999
            workers       | all                  | workers 'all': expected a number or virtual
            no-delay      | yes                  | noDelay 'yes' is neither true nor false
            invalid-utf8  | keep                 | invalidUtf8 'keep': expected reject or replace
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
}
