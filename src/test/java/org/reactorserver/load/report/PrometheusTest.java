package org.reactorserver.load.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactorserver.load.measure.Slice;

class PrometheusTest {
    @TempDir
    Path directory;

    private static Slice second(int replies) {
        Slice slice = new Slice();
        slice.begin(Slice.Phase.MEASURED, 0);
        slice.to = 1_000_000_000;
        slice.sent = replies + 1;
        slice.answered = replies;
        slice.connections = 3;
        for (int i = 0; i < replies; i++) {
            slice.service.record(2_000_000);
        }
        return slice;
    }

    @Test
    void theFileIsWholeWheneverItIsRead() throws Exception {
        Path file = directory.resolve("load.prom");
        Prometheus prometheus = new Prometheus(file, false);
        prometheus.onSlice(second(10));
        assertThat(Files.readString(file)).contains("\nreactor_load_messages_sent_total 11\n");
        prometheus.onSlice(second(20));
        prometheus.onEnd();
        String text = Files.readString(file);
        assertThat(text)
                .contains("\nreactor_load_messages_answered_total 30\n", "\nreactor_load_connections 3\n")
                .contains("\nreactor_load_service_seconds{quantile=\"0.5\"} 0.002\n")
                .contains("\nreactor_load_service_seconds_count 30\n")
                .doesNotContain("response");
        assertThat(text.lines())
                .allMatch(line -> line.matches("# (HELP|TYPE) reactor_load_\\w+ .+"
                        + "|reactor_load_\\w+(\\{quantile=\"[0-9.]+\"})? ([0-9.E-]+|NaN)"));
        assertThat(directory.toFile().list()).containsExactly("load.prom");
    }

    @Test
    void aLinkIsFollowedAndNotReplaced() throws Exception {
        Path file = Files.createFile(directory.resolve("load.prom"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        new Prometheus(link, false).onEnd();
        assertThat(link).isSymbolicLink();
        assertThat(file).isNotEmptyFile();
    }
}
