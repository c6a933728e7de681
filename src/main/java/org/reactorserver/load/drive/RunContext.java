package org.reactorserver.load.drive;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.spi.SelectorProvider;
import java.util.function.LongSupplier;
import org.reactorserver.dial.Dialer;
import org.reactorserver.load.measure.Books;
import org.reactorserver.load.measure.Slice;
import org.reactorserver.load.plan.Exchange;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Misbehaviour;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.LoopObserver;
import org.reactorserver.text.Addresses;

/**
 * What all parts of one run share: what is to be done, the loop and what it lends out, the books, and
 * how far the run is. Loop only.
 */
final class RunContext {
    private static final int SMALL_RECEIVE_BUFFER = 4096;

    final LoadPlan plan;
    final Dialer dialer;
    final EventLoop loop;
    final Alarms alarms;
    final Exchange exchange;
    final ByteBuffer buffer;
    final byte[] input = new byte[EventLoop.BUFFER_SIZE];
    final ByteBuffer output = ByteBuffer.allocate(EventLoop.BUFFER_SIZE); // to put many small messages there costs less
    final Books books;

    Slice.Phase phase = Slice.Phase.CONNECTING;

    /** No more is sent, and the last replies are waited for. */
    boolean draining;

    private final SocketAddress target;

    RunContext(LoadPlan plan, SocketAddress target, SelectorProvider provider, LongSupplier clock) throws IOException {
        this.plan = plan;
        this.target = target;
        this.loop = new EventLoop(provider, clock, new LoopObserver() {});
        this.dialer = new Dialer(plan.route(), target, loop, provider, receiveBuffer(plan));
        this.alarms = new Alarms(loop, clock);
        this.buffer = loop.buffer();
        this.exchange = plan.exchange();
        this.books = new Books(plan.isOpenModel(), plan.timeoutNanos(), clock);
    }

    private static int receiveBuffer(LoadPlan plan) {
        return plan.misbehaviour() == Misbehaviour.SLOW_READER ? SMALL_RECEIVE_BUFFER : 0;
    }

    /** The time now, in nanoseconds. */
    long time() {
        return alarms.time();
    }

    /** Ends a slice of time and begins another. */
    void turn(long now, Slice.Phase next) {
        phase = next;
        books.turn(now, next);
    }

    /** Whether the server is to end the stream now. */
    boolean expectsEnd() {
        return draining && plan.misbehaviour() == Misbehaviour.HALF_CLOSE;
    }

    String targetText() {
        return Addresses.text(target);
    }
}
