package org.reactorserver.cli;

import static org.reactorserver.text.Log.LOG;

import java.lang.reflect.Proxy;

/** SIGHUP, which ends a process unless it is caught: as a rule the terminal is gone. */
final class Hangup {
    private Hangup() {}

    /**
     * From here on the signal does this, on a thread of the JVM's. By reflection, since the JDK has no better way, warns
     * of this one when it is compiled, and may lack it; then the signal ends the process as ever.
     */
    static void does(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object calls = Proxy.newProxyInstance(
                    Hangup.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), calls);
        } catch (ReflectiveOperationException | IllegalArgumentException e) { // as on Windows
            LOG.debug("SIGHUP cannot be caught", e);
        }
    }
}
