package org.reactorserver.load.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.reactorserver.load.measure.Samples;
import org.reactorserver.load.measure.Slice;
import org.reactorserver.load.measure.SliceListener;

/**
 * Writes, while a run goes on, a file in the text format of Prometheus, for its node exporter to read: once a second,
 * and in one piece, so that a reader never sees half of it. Reporting thread only.
 */
public final class Prometheus implements SliceListener {
    private static final double SECOND = 0.999;
    private static final double[] SHARES = {0.5, 0.9, 0.99, 0.999};

    private final Path file;
    private final Path fresh;
    private final boolean open;
    private final Slice all = new Slice();
    private double since; // seconds that are not written

    /**
     * Writes nothing yet.
     *
     * @param open whether it is the open model, which has response times
     */
    public Prometheus(Path file, boolean open) throws IOException {
        this.file = Files.exists(file) ? file.toRealPath() : file; // a link stays one
        this.fresh = this.file.resolveSibling(this.file.getFileName() + ".new");
        this.open = open;
        all.begin(Slice.Phase.CONNECTING, 0);
    }

    @Override
    public void onSlice(Slice slice) {
        all.phase = slice.phase;
        all.add(slice);
        since += slice.seconds();
        if (since >= SECOND) {
            since = 0;
            try {
                write();
            } catch (IOException e) {
                since = Double.NEGATIVE_INFINITY; // and the end says so
            }
        }
    }

    @Override
    public void onEnd() {
        try {
            write();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write() throws IOException {
        Files.writeString(fresh, text());
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private String text() {
        StringBuilder out = new StringBuilder();
        metric(out, "messages_sent_total", "counter", "Messages sent, warm-up included.", all.sent);
        metric(out, "messages_answered_total", "counter", "Messages answered rightly.", all.answered);
        metric(out, "errors_total", "counter", "Errors of all kinds.", all.errors);
        metric(out, "sent_bytes_total", "counter", "Bytes sent.", all.bytesSent);
        metric(out, "received_bytes_total", "counter", "Bytes received.", all.bytesReceived);
        metric(out, "connections", "gauge", "Connections that are open.", all.connections);
        metric(out, "backlog", "gauge", "Messages that are due or sent, and have no reply.", all.backlog);
        summary(out, "service_seconds", "From the send to the reply, of the measured span.", all.service);
        if (open) {
            summary(out, "response_seconds", "From the intended send to the reply.", all.response);
        }
        return out.toString();
    }

    private static void head(StringBuilder out, String name, String type, String help) {
        out.append("# HELP reactor_load_").append(name).append(' ').append(help).append('\n');
        out.append("# TYPE reactor_load_").append(name).append(' ').append(type).append('\n');
    }

    private static void metric(StringBuilder out, String name, String type, String help, long value) {
        head(out, name, type, help);
        out.append("reactor_load_").append(name).append(' ').append(value).append('\n');
    }

    private static void summary(StringBuilder out, String name, String help, Samples samples) {
        head(out, name, "summary", help);
        for (double share : SHARES) {
            long nanos = samples.quantile(share);
            String value = nanos < 0 ? "NaN" : Double.toString(nanos / 1e9);
            out.append(String.format(Locale.ROOT, "reactor_load_%s{quantile=\"%s\"} %s%n", name, share, value));
        }
        double sum = samples.count() == 0 ? 0 : samples.histogram().getMean() * samples.count() / 1e9;
        out.append(String.format(Locale.ROOT, "reactor_load_%s_sum %s%n", name, sum));
        out.append("reactor_load_")
                .append(name)
                .append("_count ")
                .append(samples.count())
                .append('\n');
    }
}
