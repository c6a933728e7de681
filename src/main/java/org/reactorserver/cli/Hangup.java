package org.reactorserver.cli;

import static org.reactorserver.text.Log.LOG;

import java.lang.reflect.Proxy;

/** Signals that do something else than to end the process. SIGHUP does end it unless it is caught. */
final class Hangup {
    private Hangup() {}

    /** From here on SIGHUP does this. */
    static void does(Runnable action) {
        does("HUP", action);
    }

    /**
     * From here on the signal of this name does this, on a thread of the JVM's. By reflection, since the JDK has no better way, warns
     * of this one when it is compiled, and may lack it; then the signal does what it ever does.
     */
    static void does(String name, Runnable action) {
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
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), calls);
        } catch (ReflectiveOperationException | IllegalArgumentException e) { // as on Windows
            LOG.debug("SIG{} cannot be caught", name, e);
        }
    }
}
