package org.reactorserver.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.reactorserver.ReactorServer;
import org.reactorserver.ServerObserver;
import org.reactorserver.framing.Framing;
import org.reactorserver.helper.Caller;

/** What a recording of the JDK's has of the server, and that nothing is watched before there is one. */
@Timeout(120)
class FlightEventsTest {
    private static final String PREFIX = "org.reactorserver.";

    @TempDir
    Path directory;

    @Test
    void aRecordingHasWhatHappensWhileItRuns() throws Exception {
        List<ServerObserver> watching = new CopyOnWriteArrayList<>();
        Path file = directory.resolve("recording.jfr");
        try (ReactorServer server = ReactorServer.builder(Framing.lines())
                .port(0)
                .workers(0)
                .handler((session, message) -> {
                    TimeUnit.MILLISECONDS.sleep(11); // a long pass
                    session.send(message);
                })
                .start()) {
            FlightRecordings.await(observer -> {
                watching.add(observer);
                server.observe(observer);
            });
            assertThat(watching).as("before a recording").isEmpty();
            try (Recording recording = new Recording()) {
                recording.start();
                try (Caller caller = new Caller(server.address())) {
                    assertThat(caller.send("x\n").line()).isEqualTo("x");
                }
                server.drain(); // the end is recorded then
                recording.dump(file);
            }
            assertThat(watching).hasSize(1);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith(PREFIX))
                .toList();
        assertThat(events)
                .extracting(event -> event.getEventType().getName().substring(PREFIX.length()))
                .contains("Connected", "Handled", "Pass", "Closed");
        RecordedEvent handled = events.stream()
                .filter(event -> event.getEventType().getLabel().equals("Message Handled"))
                .findFirst()
                .orElseThrow();
        assertThat(handled.getLong("session")).isEqualTo(1);
        assertThat(handled.getDuration("took").toMillis()).isGreaterThanOrEqualTo(11);
        assertThat(handled.getEventType().getCategoryNames()).containsExactly("reactor-server");
    }
}
