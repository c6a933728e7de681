package org.reactorserver.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.Supplier;
import org.reactorserver.loop.Pollable;
import org.reactorserver.loop.Timers;

/**
 * One connection to the server: what is outstanding on it, and the bytes in both directions. Loop only.
 *
 * <p>A reply that is as expected is compared where it was read, byte by byte, and nothing is decoded or
 * allocated for it. As soon as a byte is not as expected, {@link Resync} takes over until it can
 * tell again where a reply begins.
 */
final class LoadConnection implements Pollable {
    private static final int SMALL_RECEIVE_BUFFER = 4096;
    private static final int SLOW_READ = 256;
    private static final long SLOW_READ_PAUSE = 50_000_000;
    private static final int MAX_PASSED_OVER = 64;

    final long id;
    private final Generator generator;
    private final Exchange exchange;
    private SocketChannel channel;
    private SelectionKey key;
    private boolean connecting;
    private boolean open;
    private long connectBegan;

    // Messages are numbered from 1. Those from head to next - 1 are outstanding, and of these the
    // ones
    // before waitingFrom have timed out: they are still expected, but nobody waits for them.
    long head = 1;
    long next = 1;
    private long waitingFrom = 1;
    private long[] sentAt = new long[4]; // by the last bits of the number
    private int matched; // bytes of the head's reply that have come
    private Resync resync; // not null from the first unexpected byte on
    private ArrayDeque<Long> passedOver; // numbers of messages whose reply was found missing
    private long lastHeard;
    Stalls.Stall lastStall;

    // open model
    int place; // among the connections that share the schedule
    int due; // messages that are meant to be out and are not
    boolean flushing; // stands in the generator's list

    private byte[] unwritten; // null: everything has been written
    private int written; // of it
    private long lastProgress;
    private boolean outputEnds; // with what is unwritten
    private boolean wasBlocked; // what is sent next is late because the server did not read

    private Timers.Timer pause; // think time, or that of a slow reader

    LoadConnection(long id, Generator generator) {
        this.id = id;
        this.generator = generator;
        this.exchange = generator.exchange;
    }

    // -- connecting
    // ---------------------------------------------------------------------------------

    void connect(InetAddress source) {
        connectBegan = generator.time();
        connecting = true;
        try {
            channel = generator.openChannel();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (generator.plan.misbehaviour == Misbehaviour.SLOW_READER) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_RECEIVE_BUFFER);
            }
            if (source != null) {
                channel.bind(new InetSocketAddress(source, 0));
            }
            boolean connected = channel.connect(generator.target);
            generator.loop.register(
                    channel, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
            if (connected) {
                onConnected();
            }
        } catch (IOException | RuntimeException e) {
            onFailure(e);
        }
    }

    private void onConnected() {
        connecting = false;
        open = true;
        boolean readsSlowly = generator.plan.misbehaviour == Misbehaviour.SLOW_READER;
        key.interestOps(readsSlowly ? 0 : SelectionKey.OP_READ);
        if (readsSlowly) {
            readNowAndThen();
        }
        generator.onConnected(generator.time() - connectBegan);
    }

    private void readNowAndThen() {
        pause = new Timers.Timer() {
            @Override
            protected void onTimer() {
                if (open) {
                    interest(SelectionKey.OP_READ, true);
                }
            }
        };
        generator.loop.timers().arm(pause, generator.time() + SLOW_READ_PAUSE);
    }

    @Override
    public void onRegistered(SelectionKey key) {
        this.key = key;
    }

    @Override
    public void onReady(int readyOps) throws IOException {
        if ((readyOps & SelectionKey.OP_CONNECT) != 0) {
            channel.finishConnect();
            onConnected();
            return;
        }
        if ((readyOps & SelectionKey.OP_WRITE) != 0 && unwritten != null) {
            writeRest();
        }
        if ((readyOps & SelectionKey.OP_READ) != 0 && open) {
            read();
        }
    }

    // -- replies
    // ------------------------------------------------------------------------------------

    private void read() throws IOException {
        ByteBuffer buffer = generator.buffer.clear();
        if (generator.plan.misbehaviour == Misbehaviour.SLOW_READER) {
            buffer.limit(SLOW_READ);
            interest(SelectionKey.OP_READ, false);
            generator.loop.timers().arm(pause, generator.time() + SLOW_READ_PAUSE);
        }
        int count = channel.read(buffer);
        if (count < 0) {
            onEndOfStream();
            return;
        }
        long now = generator.time();
        noteSilence(now);
        generator.recorder.slice.bytesReceived += count;
        byte[] input = generator.input;
        buffer.flip().get(input, 0, count);
        int at = resync == null ? takeExpected(input, count, now) : 0;
        if (at < count && open) {
            takeUnexpected(input, at, count, now);
        }
        if (open) {
            afterReplies(now);
        }
    }

    /** Says so if nothing has come for suspiciously long. */
    void noteSilence(long now) {
        if (next > head) {
            long since = Math.max(lastHeard, sentAt[slot(head)]);
            if (now - since >= generator.stallThreshold) {
                generator.stalls.silence(this, since, now);
            }
        }
        lastHeard = now;
    }

    /** The usual way. Returns up to where the bytes were as expected. */
    private int takeExpected(byte[] input, int count, long now) {
        int at = 0;
        while (at < count && head < next && !exchange.expectsAnything()) {
            exchange.expect(id, head);
            int agreed = exchange.agreement(input, at, count, matched);
            int missing = exchange.expectedLength() - matched - agreed;
            if (missing > 0 && at + agreed < count) {
                return at; // and "matched" says how many bytes of this reply came earlier
            }
            at += agreed;
            matched += agreed;
            if (missing == 0) {
                matched = 0;
                onReply(now);
            }
        }
        return at;
    }

    private void takeUnexpected(byte[] input, int from, int to, long now) throws IOException {
        if (resync == null) {
            resync = Resync.of(this, generator);
        }
        if (matched > 0) {
            byte[] earlier = Arrays.copyOf(exchange.expectedBytes(), matched);
            matched = 0;
            resync.take(earlier, 0, earlier.length, now);
        }
        resync.take(input, from, to, now);
        if (resync.isDone()) {
            resync = null;
        }
    }

    /** The reply to the first of the outstanding messages is complete. */
    void onReply(long now) {
        generator.onReply(this, head, sentAt[slot(head)], now);
        pass();
    }

    /** The first of the outstanding messages has got a reply that is not the expected one. */
    void onMismatch(Supplier<String> sample) {
        generator.ledger.mismatched++;
        generator.error(ErrorKind.MISMATCH, sample);
        pass();
    }

    /** The reply to a later message shows that the first of the outstanding ones will get none. */
    void onMissing() {
        long seq = head;
        generator.ledger.unanswered++;
        generator.error(ErrorKind.MISSING_REPLY, () -> "connection " + id + ", message " + seq);
        if (passedOver == null) {
            passedOver = new ArrayDeque<>();
        } else if (passedOver.size() == MAX_PASSED_OVER) {
            passedOver.remove();
        }
        passedOver.add(seq);
        pass();
    }

    /** The reply to a message that is not outstanding any more. */
    void onRepeated(long seq) {
        boolean outOfOrder = passedOver != null && passedOver.remove(seq);
        if (outOfOrder) {
            generator.ledger.unanswered--;
            generator.ledger.mismatched++;
        } else {
            generator.ledger.extra++;
        }
        generator.error(
                outOfOrder ? ErrorKind.OUT_OF_ORDER : ErrorKind.DUPLICATE_REPLY,
                () -> "connection " + id + ", message " + seq);
    }

    /** A reply, and nothing outstanding. */
    void onUnexpected(Supplier<String> sample) {
        generator.ledger.extra++;
        generator.error(ErrorKind.UNEXPECTED_REPLY, sample);
    }

    /** The first of the outstanding messages is outstanding no more. */
    private void pass() {
        head++;
        if (waitingFrom < head) {
            waitingFrom = head;
        }
        generator.outstanding--;
    }

    private void afterReplies(long now) throws IOException {
        long think = generator.plan.thinkNanos;
        if (generator.isDraining()) {
            generator.endIfDrained();
        } else if (think == 0) {
            send();
        } else if (pause == null || !pause.isArmed()) {
            sendLater(now + think);
        }
    }

    /** Closed model: sends after the time to think. */
    void sendLater(long time) {
        if (pause == null) {
            pause = new Timers.Timer() {
                @Override
                protected void onTimer() {
                    sendOrFail();
                }
            };
        }
        generator.loop.timers().arm(pause, time);
    }

    // -- messages
    // -----------------------------------------------------------------------------------

    void sendOrFail() {
        try {
            if (open) {
                send();
            }
        } catch (IOException | RuntimeException e) {
            onFailure(e);
        }
    }

    /** Sends what the model allows by now, as much of it as possible in one write. */
    private void send() throws IOException {
        int allowed;
        while (unwritten == null && (allowed = generator.allowance(this)) > 0) {
            ByteBuffer out = generator.buffer.clear();
            long first = next;
            while (allowed > 0 && exchange.put(id, next, out)) {
                next++;
                allowed--;
            }
            if (next > first) {
                write(first, out.flip());
            } else {
                unwritten = exchange.framedMessage(id, next++); // larger than the buffer
                written = 0;
                note(first);
                writeRest();
            }
        }
    }

    private void write(long first, ByteBuffer out) throws IOException {
        note(first);
        boolean blocked = writePiece(out);
        if (out.hasRemaining()) {
            unwritten = new byte[out.remaining()];
            out.get(unwritten);
            written = 0;
            continueWriting(blocked);
        }
    }

    /** Writes what may be written in one go. Returns whether the kernel did not take all of that. */
    private boolean writePiece(ByteBuffer out) throws IOException {
        int end = out.limit();
        out.limit(out.position() + generator.plan.misbehaviour.piece(out));
        generator.recorder.slice.bytesSent += channel.write(out);
        boolean blocked = out.hasRemaining();
        out.limit(end);
        return blocked;
    }

    /** Notes the time of sending of the messages from this one on. */
    private void note(long first) {
        while (next - head > sentAt.length) {
            growSentAt();
        }
        long now = generator.time();
        if (next - first == 1) {
            sentAt[slot(first)] = now;
        } else {
            for (long seq = first; seq < next; seq++) {
                sentAt[slot(seq)] = now;
            }
        }
        generator.onSent(this, first, (int) (next - first), now, wasBlocked);
        lastProgress = now;
        wasBlocked = wasBlocked && due > 0;
    }

    private void growSentAt() {
        long[] larger = new long[sentAt.length * 2];
        for (long seq = head; seq < head + sentAt.length; seq++) {
            larger[(int) seq & larger.length - 1] = sentAt[slot(seq)];
        }
        sentAt = larger;
    }

    private int slot(long seq) {
        return (int) seq & sentAt.length - 1;
    }

    private void writeRest() throws IOException {
        ByteBuffer out = generator.buffer.clear();
        out.put(unwritten, written, Math.min(out.remaining(), unwritten.length - written));
        boolean blocked = writePiece(out.flip());
        if (out.position() > 0) {
            written += out.position();
            lastProgress = generator.time();
        }
        if (written < unwritten.length) {
            continueWriting(blocked);
            return;
        }
        unwritten = null;
        interest(SelectionKey.OP_WRITE, false);
        if (outputEnds) {
            channel.shutdownOutput();
        }
        send();
    }

    private void continueWriting(boolean blocked) {
        if (blocked) {
            wasBlocked = true;
            interest(SelectionKey.OP_WRITE, true);
        } else {
            generator.loop.touch(this); // the next piece goes out in a pass of its own
        }
    }

    @Override
    public void onSettle() throws IOException {
        if (open && unwritten != null) {
            writeRest();
        }
    }

    private void interest(int op, boolean on) {
        int ops = key.interestOps();
        int wanted = on ? ops | op : ops & ~op;
        if (wanted != ops) {
            key.interestOps(wanted);
        }
    }

    /** How many messages are outstanding and waited for. */
    int waitedFor() {
        return (int) (next - waitingFrom);
    }

    /** How many messages are outstanding, waited for or not. */
    long outstanding() {
        return next - head;
    }

    boolean isOpen() {
        return open;
    }

    /** How long the oldest outstanding message has been out, in nanoseconds. */
    long oldestAge(long now) {
        return now - sentAt[slot(head)];
    }

    // -- time, and the end
    // --------------------------------------------------------------------------

    /** Looks what has taken too long. */
    void checkTimeouts(long now) {
        long timeout = generator.plan.timeoutNanos;
        if (connecting && now - connectBegan > timeout) {
            end(ErrorKind.CONNECT_TIMEOUT, "no answer from " + generator.targetText());
        } else if (open && unwritten != null && now - lastProgress > timeout) {
            end(
                    ErrorKind.WRITE_STALLED,
                    "connection " + id + ": " + (unwritten.length - written) + " bytes wait");
        } else if (open) {
            boolean any = false;
            while (waitingFrom < next && now - sentAt[slot(waitingFrom)] > timeout) {
                long seq = waitingFrom++;
                generator.error(
                        ErrorKind.REPLY_TIMEOUT, () -> "connection " + id + ", message " + seq);
                any = true;
            }
            if (any && !generator.plan.isOpenModel()) {
                sendOrFail();
            }
        }
    }

    private void onEndOfStream() {
        boolean inside = matched > 0 || resync != null;
        if (generator.expectsEnd() && outstanding() == 0) {
            shut();
            generator.onEnded(this, false);
            return;
        }
        end(
                inside ? ErrorKind.END_INSIDE_MESSAGE : ErrorKind.END_OF_STREAM,
                "connection " + id + ", " + outstanding() + " messages outstanding");
    }

    @Override
    public void onFailure(Exception cause) {
        if (connecting || open) {
            String what = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            end(ErrorKind.of(cause), "connection " + id + ": " + what);
        }
    }

    /** It is lost. */
    void end(ErrorKind kind, String sample) {
        boolean wasOpen = open;
        generator.error(kind, () -> sample);
        shut();
        if (wasOpen) {
            generator.onEnded(this, true);
        } else {
            generator.onConnectFailed();
        }
    }

    /** Sends nothing more, as a half-closing client does. */
    void halfClose() {
        outputEnds = true;
        try {
            if (unwritten == null) {
                channel.shutdownOutput();
            }
        } catch (IOException e) {
            onFailure(e);
        }
    }

    /** Breaks the connection off. */
    void reset() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            generator.error(ErrorKind.OTHER, () -> "connection " + id + ": " + e.getMessage());
        }
        shut();
        generator.onEnded(this, false);
    }

    /** Closes the channel, whatever state it is in. */
    void shut() {
        connecting = false;
        open = false;
        unwritten = null;
        resync = null;
        if (pause != null) {
            generator.loop.timers().cancel(pause);
        }
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            generator.error(ErrorKind.OTHER, () -> "closing connection " + id + ": " + e);
        }
    }
}
