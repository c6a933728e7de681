package org.reactorserver.cli;

import org.reactorserver.framing.Framing;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code chunk}, {@code line} or {@code length}. */
final class FramingConverter implements ITypeConverter<Framing> {
    @Override
    public Framing convert(String value) {
        return switch (value) {
            case "chunk" -> Framing.chunks();
            case "line" -> Framing.lines();
            case "length" -> Framing.lengthPrefixed();
            default ->
                throw new TypeConversionException("'" + value + "' is not a framing: expected chunk, line or length");
        };
    }
}
