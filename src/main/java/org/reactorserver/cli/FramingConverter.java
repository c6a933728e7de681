package org.reactorserver.cli;

import java.util.List;
import org.reactorserver.framing.Framing;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A framing by its name: {@code chunk}, {@code line}, {@code length:2le} and so on. */
final class FramingConverter implements ITypeConverter<Framing> {
    private static final List<String> FORMS = List.of(Framing.FORMS.split(", | or "));

    @Override
    public Framing convert(String value) {
        try {
            return Framing.named(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage() + Nearest.question(Nearest.to(value, FORMS)));
        }
    }
}
