package org.reactorserver.cli;

import org.reactorserver.option.Sizes;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of bytes: {@code 64}, {@code 16KiB} or {@code 16k}, {@code 1MiB}, {@code 1GiB}. */
final class SizeConverter implements ITypeConverter<Long> {
    @Override
    public Long convert(String value) {
        Long size = Sizes.parse(value);
        if (size == null) {
            throw new TypeConversionException(
                    Sizes.isSize(value) ? "'" + value + "' is more than there can be" : Sizes.misread(value));
        }
        return size;
    }
}
