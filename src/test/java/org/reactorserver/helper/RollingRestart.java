package org.reactorserver.helper;

import java.io.IOException;
import java.util.List;

/**
 * Two servers behind a real HAProxy, and clients that open a connection for each request while the
 * servers are restarted in turn, step by step as docs/operations.md says.
 */
public final class RollingRestart {
    private static final String[] NAMES = {"one", "two"};

    private final boolean drainsAtBalancer;
    private final int restarts;
    private final Askers askers;

    /** Before SIGTERM, the server is drained at the balancer or it is not. */
    public RollingRestart(boolean drainsAtBalancer, int restarts, long requests) {
        this.drainsAtBalancer = drainsAtBalancer;
        this.restarts = restarts;
        this.askers = new Askers(requests);
    }

    public long answered() {
        return askers.answered();
    }

    /** What became of each request that was not answered. */
    public List<String> lost() {
        return askers.lost();
    }

    /** Returns when all restarts are done and at least so many requests have been made. */
    public void run() throws IOException, InterruptedException {
        int[] ports = {Ports.freeTcp(), Ports.freeTcp()};
        JarProcess[] servers = {serve(ports[0]), serve(ports[1])};
        try (HaProxy proxy = HaProxy.start(ports[0], ports[1])) {
            awaitUp(proxy, "one");
            awaitUp(proxy, "two");
            askers.start(proxy.port());
            for (int i = 0; i < restarts; i++) {
                int which = i % 2;
                leaveBalancer(proxy, NAMES[which]);
                int code = servers[which].terminate().exitCode();
                if (code != 143) {
                    throw new AssertionError("exit code " + code + ": " + servers[which]);
                }
                servers[which] = serve(ports[which]);
                comeBack(proxy, NAMES[which]);
            }
            askers.finish();
        } finally {
            askers.hurry();
            servers[0].close();
            servers[1].close();
        }
    }

    private static JarProcess serve(int port) {
        return JarProcess.measured()
                .serve("--port", Integer.toString(port), "--framing", "line", "--echo", "--transcript", "off");
    }

    private void leaveBalancer(HaProxy proxy, String name) throws IOException {
        if (drainsAtBalancer) {
            proxy.say("set server reactors/" + name + " state drain");
            Await.until(name + " has no sessions", ChildProcess.PATIENCE, () -> proxy.sessions(name) == 0);
        }
    }

    private void comeBack(HaProxy proxy, String name) throws IOException {
        if (drainsAtBalancer) {
            proxy.say("set server reactors/" + name + " state ready");
        }
        awaitUp(proxy, name);
    }

    private static void awaitUp(HaProxy proxy, String name) {
        Await.until(
                name + " is up", ChildProcess.PATIENCE, () -> proxy.status(name).equals("UP"));
    }
}
