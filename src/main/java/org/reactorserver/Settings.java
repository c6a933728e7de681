package org.reactorserver;

import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.reactorserver.framing.Framing;

/**
 * The builder's values as the running server reads them; what each means is said at {@link
 * ReactorServer.Builder}. Filled before the start and not changed afterwards. Times are nanoseconds,
 * sizes bytes.
 */
final class Settings implements Cloneable {
    private static final long SECOND = 1_000_000_000;

    final Framing framing;
    MessageHandler handler;
    boolean handlesOpen; // whether it has an onOpen of its own, so that calling it is worth a
    // hand-off
    boolean handlesClose; // and an onClose
    ServerObserver observer = ServerObserver.NONE;

    String host = "127.0.0.1";
    int port = 8888;
    int backlog = 1024;
    InetSocketAddress announceTo; // null: no beacon

    boolean reuseAddress = true;
    boolean reusePort;
    boolean keepAlive;
    boolean noDelay = true;
    int sendBuffer; // 0: what the system gives
    int receiveBuffer; // 0: what the system gives

    int maxMessage = 64 * 1024;
    boolean replaceMalformed;
    int maxConnections; // 0: what the file descriptors allow
    int maxConnectionsPerIp = Integer.MAX_VALUE;
    int activeSessions = Integer.MAX_VALUE;
    long sessionGapNanos;
    int acceptsPerPass = 64;
    int messagesPerTurn = 64;
    int laneLimit = 64 * 1024;
    int highWater = 64 * 1024;
    long outboxLimit = 1024 * 1024;
    long replyMemory; // 0: a quarter of the heap
    long requestMemory; // 0: a quarter of the heap

    long idleNanos; // 0: never
    long messageNanos = 30 * SECOND;
    long writeNanos = 30 * SECOND;
    long lingerNanos = 2 * SECOND;
    long drainNanos = 10 * SECOND;

    int workers = Runtime.getRuntime().availableProcessors();
    boolean virtualThreads;

    SelectorProvider provider = SelectorProvider.provider();
    LongSupplier clock = System::nanoTime;
    Executor executor; // null: the server makes its own

    Settings(Framing framing) {
        this.framing = framing;
    }

    /** The values of now, whatever becomes of the builder's. */
    @Override
    public Settings clone() {
        try {
            return (Settings) super.clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}
