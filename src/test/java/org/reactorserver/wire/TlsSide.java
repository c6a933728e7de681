package org.reactorserver.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;

/**
 * One side of a TLS connection over a {@link MemoryPipe}, which does with its transport what a loop does: it reads if
 * the selector would report input, or the transport holds some; it writes if the selector would report room.
 */
final class TlsSide {
    /** Neither side may hold more, whatever the other one does. */
    private static final int MOST_HELD = 5 * 16 * 1024 + 1024;

    final MemoryPipe.Port raw;
    final TlsTransport transport;
    final ByteArrayOutputStream received = new ByteArrayOutputStream();

    /** What stands for the reader's buffer; room for more than a record, as a rule. */
    ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);

    boolean reading = true;
    IOException failure;
    boolean ended; // it has read the end
    boolean resumed;
    int mostHeld;

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final ByteArrayOutputStream toWrite = new ByteArrayOutputStream();
    private boolean isBlocked;
    private boolean ending; // its own stream
    private boolean outputEnded;

    /** Whose tasks wait until they are run by {@link #runTasks}. */
    TlsSide(MemoryPipe.Port raw, SSLEngine engine) throws IOException {
        this.raw = raw;
        Executor later = tasks::add;
        this.transport = new TlsTransport(raw, engine, new TlsBuffers(), later, () -> resumed = true);
    }

    TlsSide send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    TlsSide send(byte[] bytes) {
        toWrite.writeBytes(bytes);
        return this;
    }

    /** Ends its stream, behind what was to be sent. */
    void end() {
        ending = true;
    }

    String text() {
        return received.toString(StandardCharsets.UTF_8);
    }

    boolean hasOutput() {
        return toWrite.size() > 0 || transport.holdsOutput();
    }

    boolean isOutputEnded() {
        return outputEnded;
    }

    boolean hasTasks() {
        return !tasks.isEmpty();
    }

    boolean runTasks() {
        boolean some = hasTasks();
        while (!tasks.isEmpty()) {
            resumed = false;
            tasks.remove().run();
            assertThat(resumed).as("resumed after the task").isTrue();
        }
        return some;
    }

    /** One pass. Returns whether it did anything. */
    boolean turn() {
        boolean some = false;
        long writtenBefore = raw.written();
        try {
            int ops = transport.interestOps(reading, isBlocked);
            if (hasTasks()) {
                assertThat(ops).as("interest during a task").isZero();
                assertThat(transport.holdsInput())
                        .as("holds input during a task")
                        .isFalse();
            }
            boolean reads = (ops & SelectionKey.OP_READ) != 0 && raw.isReadable();
            if (failure == null && !ended && (reads || (reading && transport.holdsInput()))) {
                some |= read();
            }
            boolean writes = !isBlocked || ((ops & SelectionKey.OP_WRITE) != 0 && raw.isWritable());
            if (failure == null && !outputEnded && writes && hasOutput()) {
                some |= write();
            }
            if (failure == null && ending && !outputEnded && !hasOutput()) {
                outputEnded = transport.endOutput();
                some |= outputEnded;
            }
        } catch (IOException e) {
            failure = e;
            some = true;
        }
        some |= raw.written() > writtenBefore;
        mostHeld = Math.max(mostHeld, transport.heapBytes());
        assertThat(mostHeld).as("bytes held").isLessThan(MOST_HELD);
        return some;
    }

    private boolean read() throws IOException {
        boolean wasReadable = raw.isReadable();
        int count = transport.read(buffer.clear());
        buffer.flip();
        assertThat(buffer.remaining()).isEqualTo(Math.max(0, count));
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        received.writeBytes(bytes);
        ended = count < 0;
        return count != 0 || wasReadable;
    }

    private boolean write() throws IOException {
        ByteBuffer from = ByteBuffer.wrap(toWrite.toByteArray());
        int count = transport.write(from);
        assertThat(from.position()).isEqualTo(count);
        byte[] rest = new byte[from.remaining()];
        from.get(rest);
        toWrite.reset();
        toWrite.writeBytes(rest);
        isBlocked = hasOutput() && transport.isEstablished();
        return count > 0;
    }

    /** Has both go on, and their tasks run, until neither can. */
    static void settle(TlsSide one, TlsSide other) {
        boolean some = true;
        for (int i = 0; some; i++) {
            assertThat(i).as("passes, of which each did something").isLessThan(10_000_000);
            some = one.turn() | other.turn();
            some |= one.runTasks() | other.runTasks();
        }
    }
}
