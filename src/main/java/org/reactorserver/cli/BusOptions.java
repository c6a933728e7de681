package org.reactorserver.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.reactorserver.GroupBus;
import org.reactorserver.nats.Nats;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The bus that several servers share. */
final class BusOptions {
    private static final String BUS = "--bus";
    private static final String CREDENTIALS = "--bus-credentials";

    @Option(
            names = BUS,
            order = 2_010,
            paramLabel = "URL",
            description = {
                "With --broadcast: to the clients of all servers on this bus, such as",
                "  nats://127.0.0.1:4222 or tls://host:4222; several, with commas, if they are one cluster. Needs jnats.jar",
                "  (io.nats:jnats) beside this jar. The server serves on when the bus is not there."
            })
    String bus;

    @Option(
            names = CREDENTIALS,
            order = 2_011,
            paramLabel = "FILE",
            description = "Who this server is for the bus: a file of credentials, or of a user's NKey.")
    Path credentials;

    /** The bus, which does not connect yet; null if there is none. */
    GroupBus bus(CommandSpec spec, boolean isUsed) {
        if (bus == null) {
            if (credentials != null) {
                throw Usage.of(spec, CREDENTIALS, "it does nothing without --bus");
            }
            return null;
        }
        if (!isUsed) {
            throw Usage.of(spec, BUS, "it does nothing without --broadcast");
        }
        try {
            Class.forName("io.nats.client.Connection", false, getClass().getClassLoader());
            Nats.Builder described = Nats.bus(bus.split(",", -1));
            return credentials == null
                    ? described.build()
                    : described.credentials(credentials).build();
        } catch (IllegalArgumentException e) {
            throw Usage.of(spec, BUS, e.getMessage());
        } catch (IOException e) {
            throw Usage.of(spec, CREDENTIALS, Failure.message(e));
        } catch (ClassNotFoundException e) {
            throw Usage.of(spec, BUS, "the client of NATS is missing: put io.nats:jnats beside this jar, as jnats.jar");
        }
    }
}
