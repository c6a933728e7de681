package org.reactorserver.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import org.reactorserver.loop.Timers;

/**
 * Opens the connections, some at a time, and says when each has been opened or has failed. Loop only,
 * until it has ended.
 */
final class Connector {
    private static final int MOST_CONNECTING = 256;
    private static final int SMALL_RECEIVE_BUFFER = 4096;

    final Samples times = new Samples();
    private final Generator generator;
    private final SelectorProvider provider;
    private final LoadPlan plan;
    private final LoadConnection[] connections;
    private final Timers.Timer more;
    private long began;
    private int attempted;
    private int connecting;

    Connector(Generator generator, SelectorProvider provider, LoadConnection[] connections) {
        this.provider = provider;
        this.generator = generator;
        this.plan = generator.plan;
        this.connections = connections;
        this.more = generator.alarms.timer(this::connectMore);
    }

    void begin(long now) {
        began = now;
        connectMore();
    }

    private void connectMore() {
        long now = generator.time();
        while (attempted < connections.length && connecting < MOST_CONNECTING) {
            long time = plan.connectRate > 0 ? began + (long) (attempted * 1e9 / plan.connectRate) : now;
            if (time - now > 0) {
                generator.alarms.arm(more, time);
                return;
            }
            List<InetAddress> sources = plan.sources;
            InetAddress source = sources.isEmpty() ? null : sources.get(attempted % sources.size());
            connecting++;
            connections[attempted++].connect(source);
        }
        if (attempted == connections.length && connecting == 0) {
            generator.beginSending();
        }
    }

    /** A channel that can be connected from an address, or from the system's choice if it is null. */
    SocketChannel open(InetAddress source) throws IOException {
        SocketChannel channel = provider.openSocketChannel();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (plan.misbehaviour == Misbehaviour.SLOW_READER) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_RECEIVE_BUFFER);
            }
            if (source != null) {
                channel.bind(new InetSocketAddress(source, 0));
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    void onConnected(long nanos) {
        times.record(nanos);
        onSettled();
    }

    /** One that was being opened is open, or has failed. */
    void onSettled() {
        connecting--;
        generator.alarms.arm(more, generator.time()); // not from here: a failure may come while connecting
    }

    /** How many connections have been begun. */
    int attempted() {
        return attempted;
    }
}
