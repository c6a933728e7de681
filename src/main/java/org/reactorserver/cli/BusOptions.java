package org.reactorserver.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.reactorserver.GroupBus;
import org.reactorserver.nats.Nats;
import org.reactorserver.option.Option;
import org.reactorserver.option.OptionException;
import org.reactorserver.option.Values;

/** What the options of the bus come to that several servers share. */
final class BusOptions {
    private BusOptions() {}

    /** The bus, which does not connect yet; null if there is none. */
    static GroupBus bus(Values given, boolean isUsed) {
        String bus = given.get(ServeOptions.BUS);
        Path credentials = given.get(ServeOptions.BUS_CREDENTIALS);
        if (bus == null) {
            if (credentials != null) {
                throw unusable(ServeOptions.BUS_CREDENTIALS, "it does nothing without --bus");
            }
            return null;
        }
        if (!isUsed) {
            throw unusable(ServeOptions.BUS, "it does nothing without --broadcast");
        }
        try {
            Class.forName("io.nats.client.Connection", false, BusOptions.class.getClassLoader());
            Nats.Builder described = Nats.bus(bus.split(",", -1));
            return credentials == null
                    ? described.build()
                    : described.credentials(credentials).build();
        } catch (IllegalArgumentException e) {
            throw unusable(ServeOptions.BUS, e.getMessage());
        } catch (IOException e) {
            throw unusable(ServeOptions.BUS_CREDENTIALS, Failure.message(e));
        } catch (ClassNotFoundException e) {
            throw unusable(
                    ServeOptions.BUS, "the client of NATS is missing: put io.nats:jnats beside this jar, as jnats.jar");
        }
    }

    private static OptionException unusable(Option<?> option, String problem) {
        return OptionException.unusable(option.name(), "", problem);
    }
}
