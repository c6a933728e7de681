package org.reactorserver.load.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.reactorserver.load.measure.Samples;
import org.reactorserver.load.measure.Slice;
import org.reactorserver.load.measure.SliceListener;

/** The two file formats of HdrHistogram, for its own tools. Reporting thread only. */
public final class HistogramFiles {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final int TICKS_PER_HALF_DISTANCE = 5;

    private HistogramFiles() {}

    /** Writes every slice as it comes: response and service times by tag, in milliseconds. */
    public static SliceListener log(Path file, long startMillis) throws IOException {
        PrintStream out = new PrintStream(file.toFile(), StandardCharsets.UTF_8);
        HistogramLogWriter writer = new HistogramLogWriter(out);
        writer.outputComment("[latencies in nanoseconds; the maximum column in milliseconds]");
        writer.outputLogFormatVersion();
        writer.outputStartTime(startMillis);
        writer.outputLegend();
        return new SliceListener() {
            private long began; // that of the first slice

            @Override
            public void onSlice(Slice slice) {
                began = began == 0 ? slice.from : began;
                double from = (slice.from - began) / 1e9;
                double to = (slice.to - began) / 1e9;
                write("service", slice.service, from, to);
                write("response", slice.response, from, to);
            }

            private void write(String tag, Samples samples, double from, double to) {
                if (samples.count() > 0) {
                    Histogram histogram = samples.histogram();
                    histogram.setTag(tag);
                    writer.outputIntervalHistogram(from, to, histogram, NANOS_PER_MILLI);
                }
            }

            @Override
            public void onEnd() {
                boolean failed = out.checkError();
                writer.close();
                if (failed) {
                    throw new UncheckedIOException(new IOException("--hlog " + file + " could not be written"));
                }
            }
        };
    }

    /** Writes the distribution by percentile, in milliseconds. */
    public static void percentiles(Path file, Samples samples) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(); // a PrintStream would not say why it fails
        try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
            samples.histogram().outputPercentileDistribution(out, TICKS_PER_HALF_DISTANCE, NANOS_PER_MILLI);
        }
        Files.write(file, bytes.toByteArray());
    }
}
