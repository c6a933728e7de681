package org.reactorserver.engine;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.reactorserver.session.Settings;
import org.reactorserver.wire.Transport;

/** Makes servers for tests, and looks into those that are not at work. */
public final class EngineProbe {
    private EngineProbe() {}

    /** One whose handshakes run where the test says. */
    public static Engine engine(Settings settings, Executor tlsTasks) throws IOException {
        return new Engine(settings, tlsTasks);
    }

    /** How many groups have members. */
    public static int groups(Engine engine) {
        return engine.shared().groups.count();
    }

    /** Has something stand between the connections that there are now and their transports. */
    public static void interpose(Engine engine, UnaryOperator<Transport> by) {
        Drain.forEachConnection(engine.shared(), connection -> connection.transport = by.apply(connection.transport));
    }
}
