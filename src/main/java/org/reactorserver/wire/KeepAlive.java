package org.reactorserver.wire;

import java.io.IOException;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;
import jdk.net.ExtendedSocketOptions;

/**
 * When the kernel probes a silent peer, and when it resets the connection: TCP_KEEPIDLE, TCP_KEEPINTVL,
 * TCP_KEEPCNT. For all three zero leaves it to the system. It only counts with SO_KEEPALIVE. Immutable; any thread.
 *
 * @param idleSeconds how long nothing has come before it is asked for the first time
 * @param intervalSeconds how long before it is asked again
 * @param count after how many questions without an answer it is given up
 */
public record KeepAlive(int idleSeconds, int intervalSeconds, int count) {
    /** Whether all is left to the system. Without {@code equals}: a record's first one takes 25 ms of a start. */
    public boolean isSystems() {
        return idleSeconds == 0 && intervalSeconds == 0 && count == 0;
    }

    /** Sets what is to be set, where this JDK and this kind of socket have the option. */
    public void apply(NetworkChannel channel) throws IOException {
        if (!isSystems()) {
            set(channel, ExtendedSocketOptions.TCP_KEEPIDLE, idleSeconds);
            set(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, intervalSeconds);
            set(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, count);
        }
    }

    private static void set(NetworkChannel channel, SocketOption<Integer> option, int value) throws IOException {
        if (value > 0 && channel.supportedOptions().contains(option)) {
            channel.setOption(option, value);
        }
    }
}
