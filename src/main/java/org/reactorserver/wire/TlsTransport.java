package org.reactorserver.wire;

import static org.reactorserver.text.Log.LOG;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.reactorserver.wire.TlsException.Kind;

/**
 * TLS over another transport, by an {@link SSLEngine}, for the server's side or the client's. Records go through
 * buffers that all connections of the loop share; a connection that is idle holds none. What it may hold is counted by
 * {@link #heapBytes}: the start of a record whose rest is awaited, clear text for which the reader had no room, and
 * one write's records that the peer has not taken.
 *
 * <p>The costly steps of a handshake run on threads of their own. While one does, the engine is not touched and the
 * selector is asked for nothing; when it is done {@code resume} is run, on that thread, and is to have
 * {@link #read} called on the loop if {@link #holdsInput} says so.
 *
 * <p>Each side can end its stream alone in TLS 1.3, and gets everything that the other one still writes. In TLS 1.2 it
 * cannot: a peer that ends its stream ends the connection (RFC 5246, 7.2.1), so replies that were not written by
 * then are lost; {@link #end} tells this, and {@link #write} throws. There is no renegotiation.
 *
 * <p>Loop only, but for what says otherwise.
 */
public final class TlsTransport implements Transport {
    private enum Phase {
        /** The first record is awaited. */
        HELLO,
        HANDSHAKE,
        ESTABLISHED,
        FAILED,
        CLOSED
    }

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /**
     * After so many records without content for the reader a read has done enough; if it has found nothing else, the
     * peer is up to no good. Each may cost new keys and an answer. OpenSSL has the same number, Go half of it.
     */
    private static final int MOST_VAIN = 32;

    /**
     * No handshake needs more records: a flight is one or a few, and a chain of certificates of 64 KiB is five. In
     * records of a byte each one costs as much as a whole one, and is collected with those before it.
     */
    private static final int MOST_OF_HANDSHAKE = 64;

    /** So much of what comes after a failure is thrown away at a time, in reads of a record or more. */
    private static final int MOST_DISCARDS = 16;

    private static final String TLS_1_3 = "TLSv1.3";

    private final Transport raw;
    private final SSLEngine engine;
    private final TlsBuffers buffers;
    private final TlsOutput output;
    private final Executor tasks;
    private final Runnable resume;

    private volatile Phase phase = Phase.HELLO; // a task that is not needed any more looks
    private volatile boolean atTask; // set by the loop, cleared by the task
    private Throwable taskFailure; // null if none has failed; seen with atTask
    private ByteBuffer records; // received, from the first one that was not decrypted; null if none
    private ByteBuffer clear; // decrypted, and the reader had no room; null if none
    private End end; // null while input goes on
    private int ofHandshake; // records that were received before it was established
    private TlsException failure; // why input does not go on; null if it has not failed
    private boolean told; // the reader knows the end, or the failure

    /**
     * Over a transport that is established, or with which it is waited until it is.
     *
     * @param engine set up, and not used yet
     * @param buffers the loop's
     * @param tasks what delegated tasks run on; a direct one runs them on the loop
     * @param resume called when one is done; on the thread of the task
     * @throws SSLException if a client's engine has nothing to offer
     */
    public TlsTransport(Transport raw, SSLEngine engine, TlsBuffers buffers, Executor tasks, Runnable resume)
            throws SSLException {
        this.raw = raw;
        this.engine = engine;
        this.buffers = buffers;
        this.output = new TlsOutput(raw, engine, buffers);
        this.tasks = tasks;
        this.resume = resume;
        if (engine.getUseClientMode()) {
            engine.beginHandshake(); // a server's begins with the first record, and holds less until then
        }
    }

    @Override
    public SocketAddress localAddress() {
        return raw.localAddress();
    }

    @Override
    public boolean isEstablished() {
        return phase == Phase.ESTABLISHED;
    }

    // ---- input

    /**
     * As a channel does.
     *
     * @throws TlsException once, if it does not go on; what the peer was sent of that, if anything, is written, and
     *     from here on what comes is thrown away
     */
    @Override
    public int read(ByteBuffer into) throws IOException {
        if (!raw.isEstablished()) {
            return raw.read(into); // and no further: the peer's address may decide whether it is admitted
        }
        if (told) {
            return failure == null ? -1 : discard();
        }
        int start = into.position();
        takeClear(into);
        if (clear == null && !isOver()) {
            takeRecords(into);
        }
        if (into.position() > start || clear != null || !isOver()) {
            return into.position() - start;
        }
        told = true;
        if (failure != null) {
            throw failure;
        }
        return -1;
    }

    private boolean isOver() {
        return end != null || failure != null;
    }

    /** What is left unread at the close would make it a reset, which would destroy the alert on its way. */
    private int discard() throws IOException {
        int count;
        int reads = 0;
        do {
            count = raw.read(buffers.received.clear());
        } while (count > 0 && ++reads < MOST_DISCARDS);
        return count < 0 ? -1 : 0;
    }

    private void takeClear(ByteBuffer into) {
        if (clear != null) {
            TlsBuffers.move(clear, into);
            clear = TlsBuffers.rest(clear);
        }
    }

    private void takeRecords(ByteBuffer into) throws IOException {
        ByteBuffer received = buffers.received.clear();
        if (records != null) {
            received.put(records.rewind());
        }
        received.flip();
        try {
            work(received, into);
        } catch (SSLException e) {
            fail(e);
        } finally {
            keep(received);
        }
    }

    /** Goes on until the reader has something, or nothing more can be done here and now. */
    private void work(ByteBuffer received, ByteBuffer into) throws IOException {
        int start = into.position();
        int vain = 0;
        while (!isOver() && !atTask) {
            HandshakeStatus status = engine.getHandshakeStatus();
            if (status == HandshakeStatus.NEED_TASK) {
                startTask();
            } else if (status == HandshakeStatus.NEED_WRAP && !engine.isOutboundDone()) {
                if (!speak() && mustSpeak()) { // else it is held, and the engine goes on
                    return;
                }
            } else if (hasRecord(received)) {
                if (phase == Phase.ESTABLISHED && !into.hasRemaining()) {
                    return;
                }
                if (phase != Phase.ESTABLISHED && ++ofHandshake > MOST_OF_HANDSHAKE) {
                    throw new TlsException(Kind.HANDSHAKE, "the handshake comes in too many records", null);
                }
                int before = into.position();
                decrypt(received, into);
                boolean isVain = phase == Phase.ESTABLISHED && into.position() == before && clear == null;
                if (isVain && ++vain == MOST_VAIN) {
                    if (into.position() == start) {
                        throw new TlsException(Kind.RECORD, "the peer sends records without content, one by one", null);
                    }
                    return;
                }
            } else if (into.position() > start || !receive(received, into.remaining())) {
                return;
            }
        }
    }

    /** Adds to it. Returns whether anything came. */
    private boolean receive(ByteBuffer received, int wanted) throws IOException {
        received.compact();
        int most = Math.max(wanted, 0) + TlsBuffers.MOST_RECORD; // what does not fit is held here
        received.limit(Math.min(received.capacity(), received.position() + most));
        int count;
        try {
            count = raw.read(received);
        } finally {
            received.flip();
        }
        if (count < 0) {
            boolean hasSpoken = phase != Phase.HELLO || received.hasRemaining();
            end = hasSpoken ? End.TRUNCATED : End.ORDERLY; // as a health check that only connects
        }
        return count > 0;
    }

    private void decrypt(ByteBuffer received, ByteBuffer into) throws SSLException {
        if (phase == Phase.HELLO) {
            phase = Phase.HANDSHAKE;
        }
        boolean fits = into.remaining() >= TlsRecord.length(received);
        SSLEngineResult result = fits ? engine.unwrap(received, into) : null;
        if (result == null || result.getStatus() == Status.BUFFER_OVERFLOW) {
            result = decryptAside(received, into);
        }
        onHandshake(result);
        if (result.getStatus() == Status.CLOSED) {
            end = isVersion13() ? End.ORDERLY : End.BOTH_WAYS;
        } else if (result.getStatus() == Status.BUFFER_UNDERFLOW) { // of a length that no record may have
            throw new SSLException("a record of " + TlsRecord.length(received) + " bytes");
        } else if (result.bytesConsumed() == 0 && engine.isOutboundDone()) {
            received.position(received.limit()); // the engine has an answer, and this side has ended its stream
        }
    }

    private SSLEngineResult decryptAside(ByteBuffer received, ByteBuffer into) throws SSLException {
        SSLEngineResult result = engine.unwrap(received, buffers.clear.clear());
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            buffers.clear = TlsBuffers.larger(buffers.clear, engine.getSession().getApplicationBufferSize());
            result = engine.unwrap(received, buffers.clear);
        }
        TlsBuffers.move(buffers.clear.flip(), into);
        clear = TlsBuffers.rest(buffers.clear);
        return result;
    }

    private void keep(ByteBuffer received) {
        int count = isOver() ? 0 : received.remaining();
        if (count == 0) {
            records = null;
            return;
        }
        int capacity = records == null ? 0 : records.capacity();
        if (count > capacity || count < capacity / 2) { // a record that comes byte by byte is not copied for each
            capacity = count > capacity ? Math.max(count, Math.min(2 * capacity, TlsBuffers.MOST_RECORD)) : count;
            records = ByteBuffer.allocate(capacity);
        }
        records.clear().put(received).flip();
    }

    /** Whether the engine can go on with it: it is whole, or there is something wrong with it. */
    private boolean hasRecord(ByteBuffer received) throws TlsException {
        if (phase == Phase.HELLO && received.hasRemaining() && !TlsRecord.isTls(received)) {
            throw TlsException.notTls();
        }
        if (phase == Phase.ESTABLISHED && TlsRecord.isHandshake(received) && !isVersion13()) {
            throw TlsException.renegotiation();
        }
        return TlsRecord.isWhole(received) || TlsRecord.isTooLong(received);
    }

    // ---- the handshake

    private void onHandshake(SSLEngineResult result) {
        if (result.getHandshakeStatus() == HandshakeStatus.FINISHED && phase == Phase.HANDSHAKE) {
            phase = Phase.ESTABLISHED;
        }
    }

    private void startTask() throws SSLException {
        if (taskFailure != null) {
            throw new SSLException("a task of the handshake has failed", taskFailure);
        }
        atTask = true;
        try {
            tasks.execute(this::runTasks);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            atTask = false;
            throw new SSLException("there is no thread for a task of the handshake", e);
        }
    }

    private void runTasks() {
        try {
            Runnable task;
            while (phase != Phase.CLOSED && (task = engine.getDelegatedTask()) != null) {
                task.run();
            }
        } catch (Throwable e) { // the JDK's throw nothing, but for want of memory; the engine is of no use then
            taskFailure = e;
            LOG.error("a task of a handshake failed", e);
        } finally {
            atTask = false;
            resume.run();
        }
    }

    /** Sends what the engine has to say. Returns whether all of it is on the wire. */
    private boolean speak() throws IOException {
        if (!output.flush()) {
            return false;
        }
        output.begin();
        while (output.hasRoom()) {
            SSLEngineResult result = output.wrap(NOTHING);
            onHandshake(result);
            boolean goesOn =
                    result.getStatus() == Status.OK && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
            if (!goesOn) {
                break;
            }
            if (result.bytesProduced() == 0) {
                throw new SSLException("the TLS engine asks to wrap and produces nothing");
            }
        }
        return output.send();
    }

    private void fail(SSLException cause) {
        failure = TlsException.of(cause, phase == Phase.ESTABLISHED);
        phase = Phase.FAILED;
        boolean isStuck = engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK; // then it is not to be used
        if (failure.kind() != Kind.NOT_TLS && !isStuck) {
            sayEnd();
        }
    }

    // ---- output

    @Override
    public int write(ByteBuffer from) throws IOException {
        if (end == End.BOTH_WAYS && from.hasRemaining()) {
            throw TlsException.endedByPeer();
        }
        if (failure != null
                && from.hasRemaining()) { // also if the reader, which learns of it by a read, has no room for one
            throw failure;
        }
        int start = from.position();
        while (output.flush() && from.hasRemaining() && phase == Phase.ESTABLISHED) {
            output.begin();
            SSLEngineResult result = output.wrap(from);
            onHandshake(result);
            output.send();
            if (result.bytesConsumed() + result.bytesProduced() == 0) {
                throw new TlsException(Kind.OUTPUT_CLOSED, "this side has ended its stream", null);
            }
        }
        return from.position() - start;
    }

    @Override
    public boolean endOutput() throws IOException {
        if (atTask || !output.flush()) {
            return false;
        }
        if (failure == null) {
            sayEnd();
        }
        return output.flush() && raw.endOutput();
    }

    /** Sends the alert that is due, or the close_notify. That fails if the peer is gone. */
    private void sayEnd() {
        try {
            if (output.flush() && !engine.isOutboundDone()) {
                engine.closeOutbound();
                speak();
            }
        } catch (IOException e) {
            output.drop();
        }
    }

    @Override
    public void close(boolean cutOff) throws IOException {
        if (!cutOff && phase == Phase.ESTABLISHED && !atTask) {
            sayEnd();
        }
        phase = Phase.CLOSED;
        records = null;
        clear = null;
        output.drop();
        raw.close(cutOff);
    }

    // ---- what it needs, and what it holds

    @Override
    public boolean isReadBlocked() {
        return atTask || (output.unsent() > 0 && mustSpeak());
    }

    @Override
    public int interestOps(boolean reading, boolean writing) {
        if (atTask) {
            return 0;
        }
        boolean writes = output.unsent() > 0 || (writing && phase.compareTo(Phase.ESTABLISHED) >= 0);
        return raw.interestOps(reading && !isReadBlocked(), writes);
    }

    private boolean mustSpeak() {
        return engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && !engine.isOutboundDone();
    }

    @Override
    public boolean holdsInput() {
        if (told || atTask) {
            return false;
        }
        if (clear != null || isOver() || raw.holdsInput()) {
            return true;
        }
        boolean holdsRecord = records != null && TlsRecord.isWhole(records);
        if (phase == Phase.ESTABLISHED && !holdsRecord) {
            return false;
        }
        HandshakeStatus status = engine.getHandshakeStatus();
        return status == HandshakeStatus.NEED_TASK || (mustSpeak() ? output.unsent() == 0 : holdsRecord);
    }

    @Override
    public int begun() {
        boolean isPart = phase == Phase.ESTABLISHED && records != null && !TlsRecord.isWhole(records);
        return isPart ? records.remaining() : 0;
    }

    @Override
    public TlsException failure() {
        return failure;
    }

    @Override
    public End end() {
        return end;
    }

    @Override
    public int mostUnread() throws IOException {
        return raw.mostUnread() + heapBytes();
    }

    @Override
    public int unsent() {
        return output.unsent() + raw.unsent();
    }

    @Override
    public boolean holdsWritten() {
        return output.holdsWritten() || raw.holdsWritten();
    }

    @Override
    public int heapBytes() {
        return TlsBuffers.heapBytes(records) + TlsBuffers.heapBytes(clear) + output.heapBytes() + raw.heapBytes();
    }

    @Override
    public TlsSession tls() {
        return TlsSession.of(engine);
    }

    private boolean isVersion13() {
        return TLS_1_3.equals(engine.getSession().getProtocol());
    }
}
