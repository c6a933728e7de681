package org.reactorserver.cli;

import static org.reactorserver.text.Log.LOG;

import java.lang.reflect.Proxy;

/** Signals that end a process unless they are caught. */
final class Signals {
    /** As a rule the terminal is gone. */
    static final String HANGUP = "HUP";

    /** It has no meaning of its own. */
    static final String USER_1 = "USR1";

    private Signals() {}

    /**
     * From here on the signal does this, on a thread of the JVM's. By reflection, since the JDK has no better way,
     * warns of this one when it is compiled, and may lack it; then, or if the JVM uses the signal itself, it does what
     * it ever did.
     */
    static void on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), calling(handler, action));
        } catch (ReflectiveOperationException | IllegalArgumentException e) { // as on Windows
            LOG.debug("SIG{} cannot be caught", name, e);
        }
    }

    private static Object calling(Class<?> handler, Runnable action) {
        return Proxy.newProxyInstance(
                Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                    if (method.getName().equals("handle")) {
                        action.run();
                    }
                    return null;
                });
    }

    /** Makes what {@link #on} takes longest to make. */
    static void warmUp() {
        try {
            calling(Class.forName("sun.misc.SignalHandler"), () -> {});
        } catch (ClassNotFoundException e) {
            return; // on() says so
        }
    }
}
