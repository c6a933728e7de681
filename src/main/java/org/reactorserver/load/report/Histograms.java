package org.reactorserver.load.report;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.HdrHistogram.Histogram;
import org.reactorserver.load.measure.Samples;

/** Samples as text: an HdrHistogram in its own compressed form, of nanoseconds, in Base64. */
final class Histograms {
    private Histograms() {}

    static String text(Samples samples) {
        Histogram histogram = samples.histogram();
        ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(bytes, Deflater.BEST_COMPRESSION);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), length));
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Histogram read(String text) {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(text)), 0);
        } catch (DataFormatException | RuntimeException e) {
            throw new IllegalArgumentException("a histogram in it cannot be read: " + e.getMessage(), e);
        }
    }
}
