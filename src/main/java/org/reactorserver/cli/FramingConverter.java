package org.reactorserver.cli;

import org.reactorserver.framing.Framing;
import org.reactorserver.option.OptionException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A framing by its name, as {@link ServeOptions#FRAMING} has it. */
final class FramingConverter implements ITypeConverter<Framing> {
    @Override
    public Framing convert(String value) {
        try {
            return ServeOptions.FRAMING.parse(value);
        } catch (OptionException e) {
            throw new TypeConversionException(e.problem(name -> "--" + name));
        }
    }
}
