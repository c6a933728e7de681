package org.reactorserver.demo;

import java.io.IOException;
import org.reactorserver.ReactorServer;
import org.reactorserver.framing.Framing;

/** What a server and a client load and compile when they first run, and what is not to be in a demo's figures. */
final class Rehearsal {
    private Rehearsal() {}

    /** One message, without a worker and with one, unseen. */
    static void hold() throws IOException {
        for (int workers = 0; workers <= 1; workers++) {
            try (ReactorServer server = ReactorServer.builder(Framing.lines())
                            .port(0)
                            .workers(workers)
                            .handler((session, message) -> session.send(message))
                            .start();
                    Guest guest = new Guest(server)) {
                guest.send("hello\n");
                guest.line();
            }
        }
    }
}
