package org.reactorserver.cli;

import java.time.Duration;
import org.reactorserver.option.Durations;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code 500ms}, {@code 10s}, {@code 2m}, {@code 1h}; also {@code 0} and {@code 1.5s}. */
final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
        Duration duration = Durations.parse(value);
        if (duration == null) {
            throw new TypeConversionException(Durations.misread(value));
        }
        return duration;
    }
}
