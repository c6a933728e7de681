package org.reactorserver.engine;

import java.io.IOException;
import java.util.concurrent.Executor;
import org.reactorserver.session.Settings;

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
}
