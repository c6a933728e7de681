package org.reactorserver.sim;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.reactorserver.ReactorServer;
import org.reactorserver.framing.Framing;
import org.reactorserver.limit.Cidr;
import org.reactorserver.option.Options;
import org.reactorserver.testkit.net.Dice;
import org.reactorserver.wire.Endpoint;
import org.reactorserver.wire.Listen;

/**
 * What a seed makes of the server's options and which faults it allows. Not every seed has every fault:
 * a run with a few of them gets further. A rate is how seldom something happens, 0 is never.
 */
final class Plan {
    private static final int ALL = 7;

    /** For a throw of its own: the rest of each plan stays what it was, and seeds that are kept have none. */
    private static final long UPDATES = 111;

    private static final Cidr PROXIES = Cidr.parse("10.0.0.0/24");
    private static final List<Cidr> DENIED = List.of(Cidr.parse("10.0.0.1"), Cidr.parse("10.1.0.1"));

    final Framing framing;
    final int workers;
    final int maxMessage;
    final boolean replaceMalformed;
    final int activeSessions;
    final Duration gap;
    final int maxConnections;
    final int maxPerAddress;
    final int highWater;
    final int outboxLimit;
    final long replyMemory;
    final long requestMemory;
    final long messageMemory;
    final Duration idle;
    final Duration readIdle;
    final Duration message;
    final Duration write;
    final Duration linger;
    final Duration drain;
    final int backlog;
    final int acceptsPerPass;
    final int messagesPerTurn;
    final int laneLimit;

    final boolean crowd; // that keeps a worker busy while one message waits that is much to handle
    final boolean flood; // of replies, and a network that takes them all
    final int listeners;
    final int peers;
    final int sendCapacity;
    final int receiveCapacity;
    final int largestReply;
    final int interleaving; // rate of others acting in the middle of a step
    final int shortIo;
    final int spurious;
    final int acceptFailures;
    final int setupFailures;
    final int interrupts;
    final boolean spins; // the selector breaks once
    final int deaf; // keys, which the kernel refuses to watch
    final int stalls;
    final int throwing;
    final int closing;
    final int foreign; // other threads that send to sessions or close them
    final int misbehaving; // peers
    final int earlyDrain;
    final int holding; // requests, to be answered later
    final int mostHeld; // by one session
    final boolean isLate; // the handler returns stages of its replies
    final int flowing; // by handlers that send as much as there is room for, or all of something
    final int pausing; // of reading
    final int grouping; // joins, leaves and sends
    final int leftInterrupts; // by handlers
    final int observerFailures;
    final long quantum; // of a pass
    final long clockOffset; // so that the server's clock may wrap
    final boolean isTls13; // else it is 1.2
    final int keyUpdates; // of peers, which want an answer
    final Duration arrival; // zero: no limit
    final boolean denies; // a third of the peers, and a third of those that proxies name
    private final int proxied; // listeners; a bit for each
    private final int secured; // likewise

    Plan(long seed, Dice dice) {
        crowd = dice.oneIn(150);
        flood = !crowd && dice.oneIn(150);
        boolean calm = dice.oneIn(4) || crowd; // all are well-behaved: then all must get everything
        framing = Framing.named(dice.any(Script.FRAMINGS));
        workers = crowd ? 1 : dice.pick(0, 1, 1, 2, 3);
        maxMessage = crowd ? 5_000 : dice.pick(4, 16, 100, 1024, 64 * 1024, 64 * 1024);
        replaceMalformed = dice.oneIn(4);
        activeSessions = crowd ? 0 : dice.pick(0, 0, 0, 1, 2);
        gap = Duration.ofMillis(dice.pick(0, 0, 1, 1000));
        maxConnections = calm ? 0 : dice.pick(0, 0, 0, 1, 3);
        maxPerAddress = calm ? 0 : dice.pick(0, 0, 0, 1, 2);
        int water = crowd || flood ? 64 * 1024 : dice.pick(1, 100, 1000, 64 * 1024, 64 * 1024);
        outboxLimit = calm || flood ? 1 << 20 : dice.pick(10, 1000, 1 << 20, 1 << 20);
        highWater = Math.min(water, outboxLimit); // more is refused
        replyMemory = calm ? 0 : dice.pick(0, 0, 0, 50, 5000);
        requestMemory = calm ? 0 : dice.pick(0, 0, 0, 60, 3000);
        messageMemory = calm ? 0 : dice.pick(0, 0, 0, 200, 10_000);
        idle = Duration.ofSeconds(calm ? 0 : dice.pick(0, 0, 1, 10));
        message = Duration.ofSeconds(calm ? 1000 : dice.pick(1, 30, 30));
        write = Duration.ofSeconds(calm ? 30 : dice.pick(1, 30));
        linger = Duration.ofMillis(calm ? 2000 : dice.pick(0, 2000, 2000));
        drain = Duration.ofMillis(calm ? 10_000 : dice.pick(0, 100, 5000, 10_000));
        backlog = dice.pick(1, 3, 1024);
        acceptsPerPass = dice.pick(1, 2, 64);
        messagesPerTurn = crowd ? 1 : dice.pick(1, 3, 64, 64);
        laneLimit = crowd ? 300 : dice.pick(1, 300, 64 * 1024, 64 * 1024);

        listeners = dice.pick(1, 1, 2, 3);
        peers = flood ? 1 : crowd ? dice.between(3, 4) : dice.oneIn(40) ? dice.between(10, 40) : dice.between(1, 6);
        sendCapacity =
                flood ? 1_000_000 : crowd ? 100_000 : dice.oneIn(20) ? 1 : dice.pick(20, 300, 5000, 5000, 100_000);
        receiveCapacity = crowd || flood ? 100_000 : dice.oneIn(20) ? 1 : dice.pick(20, 300, 5000, 5000, 100_000);
        largestReply = flood
                ? 150_000
                : isNarrow() ? 20 : dice.oneIn(30) && sendCapacity > 5000 ? 200_000 : dice.pick(20, 100, 1000);
        interleaving = crowd ? 3 : dice.pick(0, 3, 8, 20);
        shortIo = dice.pick(0, 0, 2, 10);
        spurious = dice.pick(0, 0, 0, 30);
        acceptFailures = dice.pick(0, 0, 3);
        setupFailures = calm ? 0 : dice.pick(0, 0, 0, 10);
        interrupts = dice.pick(0, 0, 0, 20);
        spins = dice.oneIn(30);
        deaf = calm ? 0 : spins ? dice.pick(0, 0, 2) : dice.pick(0, 0, 0, 5);
        stalls = dice.pick(0, 0, 10);
        throwing = calm ? 0 : dice.pick(0, 0, 8);
        closing = calm ? 0 : dice.pick(0, 0, 8);
        foreign = dice.pick(0, 0, 10);
        misbehaving = calm ? 0 : dice.pick(0, 2, 4);
        earlyDrain = calm ? 0 : dice.pick(0, 20, 200);
        holding = dice.pick(0, 0, 3);
        mostHeld = dice.pick(1, 2, 1000);
        leftInterrupts = dice.pick(0, 0, 4);
        observerFailures = dice.pick(0, 0, 2, 20);
        quantum = dice.pick(1_000_000, 1_000_000, 0);
        clockOffset = dice.oneIn(4) ? Long.MAX_VALUE - 1_000_000_000 - dice.below(5_000) * 1_000_000L : 0;
        proxied = crowd || flood ? 0 : dice.pick(0, 0, 0, 1, ALL);
        secured = crowd || flood ? 0 : dice.pick(0, 0, 0, 0, 0, 0, 0, 0, 1, ALL);
        isTls13 = dice.oneIn(2);
        arrival = Duration.ofSeconds(calm ? 1000 : dice.pick(0, 1, 10));
        denies = !calm && dice.oneIn(4);
        isLate = !crowd && !flood && dice.oneIn(4);
        flowing = crowd || flood ? 0 : dice.pick(0, 0, 0, 3);
        pausing = crowd || flood ? 0 : dice.pick(0, 0, 0, 6);
        grouping = crowd || flood ? 0 : dice.pick(0, 0, 0, 3);
        readIdle = Duration.ofSeconds(calm ? 0 : dice.pick(0, 0, 0, 0, 1, 10));
        keyUpdates = isTls13 && hasTls() ? new Dice(seed ^ UPDATES).pick(0, 0, 1, 4) : 0;
    }

    /** Whether a PROXY header comes first there. */
    boolean isProxied(int listener) {
        return (proxied >> listener & 1) != 0;
    }

    /** Whether TLS is spoken there. */
    boolean isTls(int listener) {
        return (secured >> listener & 1) != 0;
    }

    /** Whether TLS is spoken anywhere. */
    boolean hasTls() {
        return isTls(0);
    }

    /** The address that a proxy at this one names as its client's. */
    static InetAddress claimed(InetSocketAddress proxy) {
        byte[] address = proxy.getAddress().getAddress();
        address[1] = 1;
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether a client with this address is refused. */
    boolean isDenied(InetAddress address) {
        return denies && DENIED.stream().anyMatch(each -> each.contains(address));
    }

    /** Whether so little fits into the kernels' buffers that everything takes many steps. */
    boolean isNarrow() {
        return Math.min(sendCapacity, receiveCapacity) < 300;
    }

    /** A server with these options. */
    ReactorServer.Builder builder() {
        ReactorServer.Builder builder = ReactorServer.builder(framing)
                .maxMessage(maxMessage)
                .replaceInvalidUtf8(replaceMalformed)
                .backlog(backlog)
                .acceptsPerPass(acceptsPerPass)
                .messagesPerTurn(messagesPerTurn)
                .laneLimit(laneLimit)
                .sessionGap(gap)
                .highWater(highWater)
                .outboxLimit(outboxLimit)
                .idleTimeout(idle)
                .readIdleTimeout(readIdle)
                .messageTimeout(message)
                .writeTimeout(write)
                .lingerTimeout(linger)
                .handshakeTimeout(arrival)
                .proxyTrust(PROXIES)
                .set(Options.MAX_HELD_PER_SESSION, mostHeld);
        for (int i = 0; i < listeners; i++) {
            builder.listen(new Listen(Endpoint.tcp("127.0.0.1", 8_000 + i), isTls(i), isProxied(i)));
        }
        if (denies) {
            builder.deny(DENIED.toArray(Cidr[]::new));
        }
        if (activeSessions > 0) {
            builder.activeSessions(activeSessions);
        }
        if (maxConnections > 0) {
            builder.maxConnections(maxConnections);
        }
        if (maxPerAddress > 0) {
            builder.maxConnectionsPerIp(maxPerAddress);
        }
        if (replyMemory > 0) {
            builder.replyMemory(replyMemory);
        }
        if (requestMemory > 0) {
            builder.requestMemory(requestMemory);
        }
        if (messageMemory > 0) {
            builder.messageMemory(messageMemory);
        }
        return builder;
    }

    @Override
    public String toString() {
        return ("%s%s%s listeners=%d workers=%d maxMessage=%d replace=%b active=%d gap=%s max=%d perAddress=%d"
                        + " highWater=%d outbox=%d replyMemory=%d requestMemory=%d messageMemory=%d idle=%s readIdle=%s message=%s write=%s linger=%s"
                        + " drain=%s backlog=%d accepts=%d turn=%d lane=%d peers=%d buffers=%d/%d replies<=%d interleaving=%d"
                        + " shortIo=%d spurious=%d accept=%d setup=%d interrupts=%d spins=%b deaf=%d"
                        + " stalls=%d throwing=%d closing=%d foreign=%d misbehaving=%d earlyDrain=%d"
                        + " holding=%d mostHeld=%d leftInterrupts=%d observerFailures=%d quantum=%d clock=+%d"
                        + " proxied=%d secured=%d tls13=%b arrival=%s denies=%b"
                        + " late=%b flowing=%d pausing=%d grouping=%d keyUpdates=%d")
                .formatted(
                        crowd ? "crowd " : "",
                        flood ? "flood " : "",
                        framing,
                        listeners,
                        workers,
                        maxMessage,
                        replaceMalformed,
                        activeSessions,
                        gap,
                        maxConnections,
                        maxPerAddress,
                        highWater,
                        outboxLimit,
                        replyMemory,
                        requestMemory,
                        messageMemory,
                        idle,
                        readIdle,
                        message,
                        write,
                        linger,
                        drain,
                        backlog,
                        acceptsPerPass,
                        messagesPerTurn,
                        laneLimit,
                        peers,
                        sendCapacity,
                        receiveCapacity,
                        largestReply,
                        interleaving,
                        shortIo,
                        spurious,
                        acceptFailures,
                        setupFailures,
                        interrupts,
                        spins,
                        deaf,
                        stalls,
                        throwing,
                        closing,
                        foreign,
                        misbehaving,
                        earlyDrain,
                        holding,
                        mostHeld,
                        leftInterrupts,
                        observerFailures,
                        quantum,
                        clockOffset,
                        proxied,
                        secured,
                        isTls13,
                        arrival,
                        denies,
                        isLate,
                        flowing,
                        pausing,
                        grouping,
                        keyUpdates);
    }
}
