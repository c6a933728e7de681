package org.reactorserver.client;

import java.net.SocketAddress;
import java.time.Duration;
import org.reactorserver.dial.Route;
import org.reactorserver.framing.Framing;
import org.reactorserver.framing.Text;

/**
 * What a run of clients is to do. Each client connects, sends one message, reads one reply and closes.
 *
 * @param server where to connect to
 * @param route how it is reached
 * @param framing how messages are delimited, in both directions
 * @param codec how texts are bytes
 * @param count how many clients
 * @param message what each sends; {@code {id}} stands for its number, which starts at 1
 * @param order how they keep step
 * @param gap with {@link Order#ONE_AT_A_TIME}: the pause after each
 * @param timeout how long each may take from its connect to its reply
 */
public record ClientPlan(
        SocketAddress server,
        Route route,
        Framing framing,
        Text codec,
        int count,
        String message,
        Order order,
        Duration gap,
        Duration timeout) {

    /** How the clients keep step with each other. */
    public enum Order {
        /** Not at all. */
        AT_ONCE,
        /** The next one starts when the last one has ended. */
        ONE_AT_A_TIME,
        /** They wait for each other twice: all connect, then all send, and when all have their reply all close. */
        TOGETHER
    }

    String messageOf(int id) {
        return message.replace("{id}", Integer.toString(id));
    }
}
