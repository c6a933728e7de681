package org.reactorserver.cli;

import java.nio.charset.Charset;
import org.reactorserver.option.OptionException;
import org.reactorserver.option.Options;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A charset by its name, as {@link Options#CHARSET} has it. */
final class CharsetConverter implements ITypeConverter<Charset> {
    @Override
    public Charset convert(String value) {
        try {
            return Options.CHARSET.parse(value);
        } catch (OptionException e) {
            throw new TypeConversionException(e.problem(name -> "--" + name));
        }
    }
}
