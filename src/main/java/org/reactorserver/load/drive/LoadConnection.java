package org.reactorserver.load.drive;

import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import org.reactorserver.load.measure.Books;
import org.reactorserver.load.measure.ErrorKind;
import org.reactorserver.load.measure.Outstanding;
import org.reactorserver.load.plan.Exchange;
import org.reactorserver.load.plan.Extent;
import org.reactorserver.load.plan.Misbehaviour;
import org.reactorserver.load.plan.Unreadable;
import org.reactorserver.loop.Pollable;
import org.reactorserver.loop.Timers;
import org.reactorserver.text.Printable;

/**
 * One connection to the server: sends when the model allows it, reads, and notices what takes too
 * long. Loop only.
 */
final class LoadConnection extends Pollable {
    private static final int SLOW_READ = 256;
    private static final long SLOW_READ_PAUSE = 50_000_000;

    /** Decides when a connection may send, and is told what becomes of it. */
    interface Owner {
        /** It is open, and greeted if that is to be, after so many nanoseconds. */
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

    private Extent greeting; // null: nothing is to come before the first message, or it has come

    int due; // by the timetable or after the time to think: messages that are meant to be out and are not
    boolean flushing; // open model: stands in the pacer's list

    private boolean outputEnds; // with what is unwritten
    private boolean wasBlocked; // what is sent next is late because the server did not read

    private Timers.Timer readAgain; // of a slow reader
    private Timers.Timer sendAgain; // after the time to think
    private final ArrayDeque<Long> thinking = new ArrayDeque<>(); // until when, for each message to come

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
        key.interestOps(SelectionKey.OP_READ);
        if (context.plan.greeting() == null) {
            onGreeted();
        } else {
            greeting = context.plan.greeting().extent();
        }
    }

    private void onGreeted() {
        connecting = false;
        open = true;
        greeting = null;
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
        if ((readyOps & SelectionKey.OP_READ) != 0 && (open || greeting != null)) {
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
        books.recorder.slice.bytesReceived += count;
        byte[] input = context.input;
        buffer.flip().get(input, 0, count);
        int before = outstanding.count();
        try {
            int from = greeting == null ? 0 : greeted(input, count);
            if (from >= 0) {
                books.heard(outstanding, now);
                replies.take(input, from, count, now);
            }
        } catch (Unreadable e) {
            end(ErrorKind.UNFRAMEABLE, "connection " + id + ": " + e.getMessage());
            return;
        }
        if (open) {
            afterReplies(before - outstanding.count(), now);
        }
    }

    /** Returns where the replies begin, or -1 if the greeting goes on. */
    private int greeted(byte[] input, int count) throws Unreadable {
        int end = greeting.end(input, 0, count);
        if (end >= 0) {
            onGreeted();
        }
        return end;
    }

    private void afterReplies(int answered, long now) throws IOException {
        if (context.draining) {
            owner.onRepliesWhileDraining();
        } else if (context.plan.thinkNanos() == 0) {
            send();
        } else {
            think(answered, now + context.plan.thinkNanos());
        }
    }

    /** Closed model: so many messages may be sent at that time, which is later than any other that was given. */
    void think(int messages, long until) {
        for (int i = 0; i < messages; i++) {
            thinking.add(until);
        }
        if (sendAgain == null) {
            sendAgain = timer(this::sendThoughtOf);
        }
        if (!thinking.isEmpty() && !sendAgain.isArmed()) {
            context.loop.timers().arm(sendAgain, thinking.peek());
        }
    }

    private void sendThoughtOf() {
        long now = context.time();
        while (!thinking.isEmpty() && thinking.peek() - now <= 0) {
            thinking.remove();
            due++;
        }
        sendOrFail();
        think(0, now);
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
        int count = 0;
        long late;
        while ((late = outstanding.timeOut(now, timeout)) > 0) {
            long seq = late;
            books.error(ErrorKind.REPLY_TIMEOUT, () -> outstanding.place(seq));
            count++;
        }
        if (count > 0 && !context.plan.isOpenModel()) {
            due += context.plan.thinkNanos() == 0 ? 0 : count;
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
        books.error(kind, () -> Printable.escape(sample)); // a server may have chosen a part of it
        takeBackUnwritten();
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
        takeBackUnwritten();
        shut();
        owner.onEnded(this, false);
    }

    /** What was not written in full was not sent. */
    void takeBackUnwritten() {
        int count = 0;
        long bytes = output.remaining();
        while (bytes > 0 && count < outstanding.count()) {
            bytes -= exchange.messageLength(id, outstanding.next() - ++count);
        }
        books.takeBack(outstanding, count);
    }

    /** Closes the channel, whatever state it is in. */
    void shut() {
        connecting = false;
        open = false;
        greeting = null;
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
