package org.reactorserver.load.drive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.reactorserver.load.measure.Books;
import org.reactorserver.load.measure.ErrorKind;
import org.reactorserver.load.plan.Misbehaviour;
import org.reactorserver.load.protocol.Unreadable;
import org.reactorserver.text.Printable;
import org.reactorserver.wire.TlsException;

/**
 * One connection to the server: sends when the model allows it, reads, and notices what takes too
 * long. Loop only.
 */
final class LoadConnection extends Visit {
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

    private final Books books;
    private final Owner owner;

    int due; // closed model: messages that may be sent after a time to think, and were not
    boolean flushing; // open model: stands in the pacer's list

    private boolean outputEnds; // with what is unwritten
    private boolean wasBlocked; // what is sent next is late because the server did not read

    private final SlowReading slowReading; // null: it reads what is there
    final Thinking thinking;
    private int sentHere; // messages, on the channel that is open

    LoadConnection(long id, RunContext context, Owner owner) {
        super(id, context);
        this.books = context.books;
        this.owner = owner;
        this.thinking = new Thinking(context, this::onThoughtOf);
        boolean readsSlowly = context.plan.misbehaviour() == Misbehaviour.SLOW_READER;
        this.slowReading = readsSlowly ? new SlowReading(context, this::ask) : null;
    }

    @Override
    void onOpen() {
        sentHere = 0;
        if (renewing) {
            renewing = false;
            books.reopened(context.time() - connectBegan);
            sendOrFail();
        } else {
            owner.onConnected(context.time() - connectBegan);
        }
    }

    /** After so many messages the connection ends, and another one takes its place. */
    private boolean isUsedUp() {
        int most = context.plan.perConnection();
        return open
                && outstanding.isEmpty()
                && output.isEmpty()
                && (most > 0 && sentHere >= most || talk.wantsToClose());
    }

    @Override
    public void onReady(int readyOps) throws IOException {
        if (!link.isEstablished()) {
            advance();
            return;
        }
        if ((readyOps & SelectionKey.OP_WRITE) != 0 && isSpeaking()) {
            goOnWriting();
        }
        if ((readyOps & SelectionKey.OP_READ) != 0 && isSpeaking()) {
            read();
        }
        ask();
    }

    @Override
    boolean wantsInput() {
        return slowReading == null || !slowReading.isPausing();
    }

    // -- replies
    // ------------------------------------------------------------------------------------

    private void read() throws IOException {
        ByteBuffer buffer = context.buffer.clear();
        if (slowReading != null) {
            slowReading.limit(buffer);
        }
        int count = link.read(buffer);
        if (count < 0) {
            onEndOfStream();
            return;
        } else if (count == 0) {
            return; // so far, it was records without messages
        }
        long now = context.time();
        books.recorder.slice.bytesReceived += count;
        byte[] input = context.input;
        buffer.flip().get(input, 0, count);
        int before = outstanding.count();
        try {
            int from = connecting ? opening(input, count) : 0;
            if (open && from >= 0 && from < count) {
                books.heard(outstanding, now);
                talk.take(input, from, count, now);
            }
        } catch (Unreadable e) {
            end(connecting ? ErrorKind.NOT_GREETED : ErrorKind.UNFRAMEABLE, "connection " + id + ": " + e.getMessage());
            return;
        }
        if (open) {
            afterReplies(before - outstanding.count(), now);
        }
    }

    private void afterReplies(int answered, long now) throws IOException {
        if (context.draining) {
            if (talk.isOutOfStep()) {
                books.giveUp(outstanding);
            }
            owner.onRepliesWhileDraining();
            return;
        }
        long pause = context.plan.thinkNanos();
        if (pause > 0) {
            thinking.add(answered, now + pause);
        }
        if (talk.isOutOfStep()) {
            replace();
        } else if (pause == 0 || isUsedUp()) {
            context.loop.touch(this); // who sends when all is read wakes a server once that would be woken each time
        }
    }

    /** Nobody knows any more which reply belongs to what: none is waited for, and another connection takes over. */
    private void replace() {
        books.giveUp(outstanding);
        if (talk.isHopeless()) {
            end(ErrorKind.UNFRAMEABLE, "connection " + id + ": none of its replies was right");
        } else {
            renew();
        }
    }

    private void onThoughtOf(int messages) {
        due += messages;
        sendOrFail();
    }

    // -- messages
    // -----------------------------------------------------------------------------------

    @Override
    void sendOrFail() {
        try {
            if (open) {
                send();
                ask();
            }
        } catch (IOException | RuntimeException e) {
            onFailure(e);
        }
    }

    /** Sends what the model allows by now, as much of it as possible in one write. */
    private void send() throws IOException {
        int allowed;
        while (output.isEmpty() && (allowed = allowance()) > 0) {
            ByteBuffer out = context.output.clear();
            long first = outstanding.next();
            long next = first;
            do {
                if (!talk.put(next, out)) {
                    break;
                }
                next++;
            } while (next - first < allowed && talk.isReady());
            boolean tooLarge = next == first;
            byte[] large = tooLarge ? talk.large(next++) : null;
            long now = context.time();
            sentHere += (int) (next - first);
            owner.onSent(this, (int) (next - first), now, wasBlocked);
            wasBlocked = wasBlocked && outstanding.due() > 0;
            if (tooLarge) {
                output.keep(large, now);
                writeRest();
            } else {
                books.recorder.slice.bytesSent += output.write(
                        link, context.buffer.clear().put(out.flip()).flip(), now);
                continueWriting();
            }
        }
        if (isUsedUp() && !context.draining) {
            renew();
        }
    }

    private int allowance() {
        int most = context.plan.perConnection();
        int allowed = open ? owner.allowance(this) : 0;
        allowed = most == 0 ? allowed : Math.min(allowed, most - sentHere);
        return allowed > 0 && talk.isReady() ? allowed : 0;
    }

    private void goOnWriting() throws IOException {
        if (!output.isEmpty()) {
            writeRest();
        } else if (outputEnds) {
            link.endOutput();
        } else {
            link.flush();
        }
    }

    private void writeRest() throws IOException {
        books.recorder.slice.bytesSent += output.writeRest(link, context.buffer, context.time());
        continueWriting();
        if (output.isEmpty()) {
            if (outputEnds) {
                link.endOutput();
            }
            if (context.draining) {
                owner.onRepliesWhileDraining();
            }
            goOnOpening();
            send();
        }
    }

    private void continueWriting() {
        if (output.isEmpty()) {
            talk.onWritten(context.time());
        } else if (output.isBlocked()) {
            wasBlocked = true;
        } else {
            context.loop.touch(this); // the next piece goes out in a pass of its own
        }
    }

    @Override
    public void onSettle() throws IOException {
        if (!link.isEstablished()) {
            advance();
            return;
        }
        if (isSpeaking() && !output.isEmpty()) {
            writeRest();
        }
        if (isSpeaking() && wantsInput() && link.holdsInput()) {
            read();
        }
        if (open && output.isEmpty()) {
            send();
        }
        ask();
    }

    @Override
    protected void onDelivery() {
        context.loop.touch(this);
    }

    // -- time, and the end
    // --------------------------------------------------------------------------

    /** Looks what has taken too long. */
    void checkTimeouts(long now) {
        long timeout = context.plan.timeoutNanos();
        if (connecting && now - connectBegan > timeout) {
            String what = link.isShakingHands() ? "no end of the TLS handshake with " : "no answer from ";
            end(ErrorKind.CONNECT_TIMEOUT, what + context.targetText());
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
        if (count > 0) {
            talk.onTimeout();
        }
        if (talk.isOutOfStep() && !context.draining) {
            replace();
        } else if (count > 0 && !context.plan.isOpenModel()) {
            due += context.plan.thinkNanos() == 0 ? 0 : count;
            sendOrFail(); // in its place
        }
        boolean allOut = open && context.plan.perConnection() > 0 && sentHere >= context.plan.perConnection();
        if (count > 0 && allOut && outstanding.waitedFor() == 0 && !context.draining) {
            books.giveUp(outstanding);
            renew();
        }
    }

    private void onEndOfStream() {
        boolean inOrder = outstanding.isEmpty() && !link.isCutOff();
        boolean mayCome = open && context.plan.reconnects();
        if (inOrder && (context.expectsEnd() || mayCome && context.draining)) {
            shut();
            owner.onEnded(this, false);
        } else if (inOrder && mayCome) {
            renew();
        } else {
            end(
                    talk.isInsideReply() ? ErrorKind.END_INSIDE_MESSAGE : ErrorKind.END_OF_STREAM,
                    "connection " + id + ", " + outstanding.count() + " messages outstanding"
                            + (link.isCutOff() ? ", without the end that TLS demands" : ""));
        }
    }

    @Override
    public void onFailure(Exception cause) {
        if (connecting || open) {
            boolean isTls = cause instanceof TlsException || link.isShakingHands();
            end(isTls ? ErrorKind.TLS : ErrorKind.of(cause), "connection " + id + ": " + link.explain(cause));
        }
    }

    /** It is lost. */
    private void end(ErrorKind kind, String sample) {
        boolean wasOpen = isOpen();
        boolean isLost = open;
        books.error(kind, () -> Printable.escape(sample)); // a server may have chosen a part of it
        takeBackUnwritten();
        shut();
        if (wasOpen && context.plan.reconnects() && !context.draining && !talk.isHopeless()) {
            if (isLost) {
                books.broken(outstanding);
            }
            renewLater();
        } else if (wasOpen) {
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
                link.endOutput();
                ask();
            }
        } catch (IOException e) {
            onFailure(e);
        }
    }

    /** Breaks the connection off. */
    void reset() {
        takeBackUnwritten();
        shut(true);
        owner.onEnded(this, false);
    }

    /** What was not written in full was not sent. */
    void takeBackUnwritten() {
        int count = 0;
        long bytes = output.remaining();
        while (bytes > 0 && count < outstanding.count()) {
            bytes -= talk.length(outstanding.next() - ++count);
        }
        books.takeBack(outstanding, count);
    }

    /** Closes it, whatever state it is in. */
    void shut() {
        shut(false);
    }

    private void shut(boolean cutOff) {
        endVisit();
        thinking.cancel();
        output.discard();
        if (slowReading != null) {
            slowReading.cancel();
        }
        try {
            link.close(cutOff);
        } catch (IOException e) {
            books.error(ErrorKind.OTHER, () -> "closing connection " + id + ": " + e);
        }
    }
}
