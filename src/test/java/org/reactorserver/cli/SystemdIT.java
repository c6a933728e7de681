package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactorserver.helper.IgnoredSignals;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.NotifySocket;

/** What a service says to systemd in its life. */
class SystemdIT {

    @BeforeEach
    void theSignalMustReachTheServer() {
        assumeFalse(IgnoredSignals.contain(1), "skipped: SIGHUP is ignored in this environment");
    }

    @TempDir
    private Path directory;

    @Test
    void itIsReadyItsLoopTurnsItReloadsAndItStops() throws IOException {
        assumeTrue(NotifySocket.isPossible(), "skipped: there is no python3 or no systemd-notify");
        Path config = Files.writeString(directory.resolve("server.conf"), "echo=true\n");
        try (NotifySocket systemd = NotifySocket.open();
                JarProcess server = JarProcess.command()
                        .environment("NOTIFY_SOCKET", systemd.address())
                        .environment("WATCHDOG_USEC", "500000")
                        .serve("--config", config.toString())) {
            String ready = "READY=1 STATUS=listening on 127.0.0.1:" + server.port();
            systemd.await(1, ready::equals);
            systemd.await(3, "WATCHDOG=1"::equals);

            server.signal("HUP");
            assertThat(systemd.await(1, line -> line.startsWith("RELOADING=1")))
                    .matches("RELOADING=1 MONOTONIC_USEC=\\d+ STATUS=reading certificates, keys and access lists");
            systemd.await(2, ready::equals);

            assertThat(server.terminate().exitCode()).as("%s", server).isEqualTo(143);
            systemd.await(1, "STOPPING=1 STATUS=draining"::equals);
            assertThat(server.err()).noneMatch(line -> line.contains("WARN"));
        }
    }
}
