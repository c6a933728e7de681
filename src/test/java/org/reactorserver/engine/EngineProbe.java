package org.reactorserver.engine;

/** Looks into a server that is not at work. */
public final class EngineProbe {
    private EngineProbe() {}

    /** How many groups have members. */
    public static int groups(Engine engine) {
        return engine.shared().groups.count();
    }
}
