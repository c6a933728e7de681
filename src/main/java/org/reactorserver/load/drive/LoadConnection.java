package org.reactorserver.load.drive;

import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.reactorserver.framing.FramingException;
import org.reactorserver.load.measure.Books;
import org.reactorserver.load.measure.ErrorKind;
import org.reactorserver.load.measure.Outstanding;
import org.reactorserver.load.measure.Stalls;
import org.reactorserver.load.plan.Exchange;
import org.reactorserver.load.plan.Misbehaviour;
import org.reactorserver.loop.Pollable;
import org.reactorserver.loop.Timers;

/**
 * One connection to the server: sends when the model allows it, reads, and notices what takes too
 * long. Loop only.
 */
final class LoadConnection extends Pollable {
    private static final int SLOW_READ = 256;
    private static final long SLOW_READ_PAUSE = 50_000_000;

    /** Decides when a connection may send, and is told what becomes of it. */
    interface Owner {
        /** It is open, after so many nanoseconds. */
        void onConnected(long nanos);

        /** It could not be opened. */
        void onConnectFailed();

        /** It was open, and has ended. */
        void onEnded(LoadConnection connection, boolean lost);

        /** How many messages it may send now. */
        int allowance(LoadConnection connection);

        /** So many of them are being sent. */
        void onSent(LoadConnection connection, int count, long now, boolean wasBlocked);

        /** Replies came while no more is sent: perhaps the last. */
        void onRepliesWhileDraining();
    }

    private final long id;
    private final RunContext context;
    private final Books books;
    private final Owner owner;
    private final Exchange exchange;
    private final Output output;
    private final Replies replies;
    final Outstanding outstanding;
    private SocketChannel channel;
    private SelectionKey key;
    private boolean connecting;
    private boolean open;
    private long connectBegan;

    private long lastHeard;
    private Stalls.Stall lastStall; // null: none yet

    // open model
    int due; // messages that are meant to be out and are not
    boolean flushing; // stands in the pacer's list

    private boolean outputEnds; // with what is unwritten
    private boolean wasBlocked; // what is sent next is late because the server did not read

    private Timers.Timer readAgain; // of a slow reader
    private Timers.Timer sendAgain; // after the time to think

    LoadConnection(long id, RunContext context, Owner owner) {
        this.id = id;
        this.context = context;
        this.books = context.books;
        this.owner = owner;
        this.exchange = context.exchange;
        this.outstanding = new Outstanding(id);
        this.replies = new Replies(context, outstanding);
        this.output = new Output(context.plan.misbehaviour());
    }

    // -- connecting
    // ---------------------------------------------------------------------------------

    void connect(InetAddress source) {
        connectBegan = context.time();
        connecting = true;
        try {
            channel = context.openChannel(source);
            boolean connected = channel.connect(context.target);
            context.loop.register(channel, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
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
        lastHeard = connectBegan;
        key.interestOps(SelectionKey.OP_READ);
        if (context.plan.misbehaviour() == Misbehaviour.SLOW_READER) {
            readAgain = timer(() -> interest(SelectionKey.OP_READ, true));
        }
        owner.onConnected(context.time() - connectBegan);
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
        if ((readyOps & SelectionKey.OP_WRITE) != 0 && !output.isEmpty()) {
            writeRest();
        }
        if ((readyOps & SelectionKey.OP_READ) != 0 && open) {
            read();
        }
    }

    // -- replies
    // ------------------------------------------------------------------------------------

    private void read() throws IOException {
        ByteBuffer buffer = context.buffer.clear();
        if (readAgain != null) {
            buffer.limit(SLOW_READ);
            interest(SelectionKey.OP_READ, false);
            context.loop.timers().arm(readAgain, context.time() + SLOW_READ_PAUSE);
        }
        int count = channel.read(buffer);
        if (count < 0) {
            onEndOfStream();
            return;
        }
        long now = context.time();
        noteSilence(now);
        books.recorder.slice.bytesReceived += count;
        byte[] input = context.input;
        buffer.flip().get(input, 0, count);
        try {
            replies.take(input, count, now);
        } catch (FramingException e) {
            end(ErrorKind.UNFRAMEABLE, "connection " + id + ": " + e.getMessage());
            return;
        }
        afterReplies(now);
    }

    /** Says so if nothing has come for suspiciously long. */
    void noteSilence(long now) {
        if (!outstanding.isEmpty()) {
            long sent = outstanding.firstSentAt();
            long since = lastHeard - sent > 0 ? lastHeard : sent;
            if (now - since >= context.stallThreshold) {
                lastStall = books.stalls.silence(lastStall, since, now);
            }
        }
        lastHeard = now;
    }

    private void afterReplies(long now) throws IOException {
        long think = context.plan.thinkNanos();
        if (context.draining) {
            owner.onRepliesWhileDraining();
        } else if (think == 0) {
            send();
        } else if (sendAgain == null || !sendAgain.isArmed()) {
            sendLater(now + think);
        }
    }

    /** Closed model: sends after the time to think. */
    void sendLater(long time) {
        if (sendAgain == null) {
            sendAgain = timer(this::sendOrFail);
        }
        context.loop.timers().arm(sendAgain, time);
    }

    /** A timer that does nothing once the connection has ended. */
    private Timers.Timer timer(Runnable task) {
        return new Timers.Timer() {
            @Override
            protected void onTimer() {
                if (open) {
                    task.run();
                }
            }
        };
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
        while (output.isEmpty() && (allowed = owner.allowance(this)) > 0) {
            ByteBuffer out = context.buffer.clear();
            long first = outstanding.next();
            long next = first;
            while (next - first < allowed && exchange.put(id, next, out)) {
                next++;
            }
            boolean tooLarge = next == first;
            byte[] large = tooLarge ? exchange.framedMessage(id, next++) : null;
            long now = context.time();
            owner.onSent(this, (int) (next - first), now, wasBlocked);
            wasBlocked = wasBlocked && due > 0;
            if (tooLarge) {
                output.keep(large, now);
                writeRest();
            } else {
                books.recorder.slice.bytesSent += output.write(channel, out.flip(), now);
                continueWriting();
            }
        }
    }

    private void writeRest() throws IOException {
        books.recorder.slice.bytesSent += output.writeRest(channel, context.buffer, context.time());
        continueWriting();
        if (output.isEmpty()) {
            interest(SelectionKey.OP_WRITE, false);
            if (outputEnds) {
                channel.shutdownOutput();
            }
            send();
        }
    }

    private void continueWriting() {
        if (output.isEmpty()) {
            return;
        }
        if (output.isBlocked()) {
            wasBlocked = true;
            interest(SelectionKey.OP_WRITE, true);
        } else {
            context.loop.touch(this); // the next piece goes out in a pass of its own
        }
    }

    @Override
    public void onSettle() throws IOException {
        if (open && !output.isEmpty()) {
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

    boolean isOpen() {
        return open;
    }

    // -- time, and the end
    // --------------------------------------------------------------------------

    /** Looks what has taken too long. */
    void checkTimeouts(long now) {
        long timeout = context.plan.timeoutNanos();
        if (connecting && now - connectBegan > timeout) {
            end(ErrorKind.CONNECT_TIMEOUT, "no answer from " + context.targetText());
        } else if (open && output.stalledFor(now) > timeout) {
            end(ErrorKind.WRITE_STALLED, "connection " + id + ": " + output.remaining() + " bytes wait");
        } else if (open) {
            checkReplies(now, timeout);
        }
    }

    private void checkReplies(long now, long timeout) {
        boolean any = false;
        long late;
        while ((late = outstanding.timeOut(now, timeout)) > 0) {
            long seq = late;
            books.error(ErrorKind.REPLY_TIMEOUT, () -> outstanding.place(seq));
            any = true;
        }
        if (any && !context.plan.isOpenModel()) {
            sendOrFail(); // in its place
        }
    }

    private void onEndOfStream() {
        if (context.expectsEnd() && outstanding.isEmpty()) {
            shut();
            owner.onEnded(this, false);
            return;
        }
        end(
                replies.isInsideOne() ? ErrorKind.END_INSIDE_MESSAGE : ErrorKind.END_OF_STREAM,
                "connection " + id + ", " + outstanding.count() + " messages outstanding");
    }

    @Override
    public void onFailure(Exception cause) {
        if (connecting || open) {
            String what = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            end(ErrorKind.of(cause), "connection " + id + ": " + what);
        }
    }

    /** It is lost. */
    private void end(ErrorKind kind, String sample) {
        boolean wasOpen = open;
        books.error(kind, () -> sample);
        shut();
        if (wasOpen) {
            owner.onEnded(this, true);
        } else {
            owner.onConnectFailed();
        }
    }

    /** Sends nothing more, as a half-closing client does. */
    void halfClose() {
        outputEnds = true;
        try {
            if (output.isEmpty()) {
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
            books.error(ErrorKind.OTHER, () -> "connection " + id + ": " + e.getMessage());
        }
        shut();
        owner.onEnded(this, false);
    }

    /** Closes the channel, whatever state it is in. */
    void shut() {
        connecting = false;
        open = false;
        output.discard();
        for (Timers.Timer timer : new Timers.Timer[] {readAgain, sendAgain}) {
            if (timer != null) {
                context.loop.timers().cancel(timer);
            }
        }
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            books.error(ErrorKind.OTHER, () -> "closing connection " + id + ": " + e);
        }
    }
}
