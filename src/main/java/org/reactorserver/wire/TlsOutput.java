package org.reactorserver.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * What a TLS transport encrypts and sends. What the transport below does not take is held until it does: nothing more
 * is encrypted by then, so that is one record, or a few short ones of a handshake. Loop only.
 */
final class TlsOutput {
    private final Transport raw;
    private final SSLEngine engine;
    private final TlsBuffers buffers;
    private ByteBuffer unsent; // null if none
    private boolean hasWritten; // what was encrypted since it began is of the writer's

    TlsOutput(Transport raw, SSLEngine engine, TlsBuffers buffers) {
        this.raw = raw;
        this.engine = engine;
        this.buffers = buffers;
    }

    /** Sends what is held. Returns whether nothing is left. */
    boolean flush() throws IOException {
        if (unsent != null) {
            ByteBuffer writing = unsent;
            unsent = null; // also if that fails: there is no more to wait for
            raw.write(writing);
            unsent = writing.hasRemaining() ? writing : null;
        }
        return unsent == null;
    }

    /** Begins to encrypt, when nothing is held. */
    void begin() {
        buffers.sent.clear();
        hasWritten = false;
    }

    /** Whether another short record fits behind what was encrypted since it began. */
    boolean hasRoom() {
        return buffers.sent.position() <= buffers.sent.capacity() / 2;
    }

    /** Encrypts at most one record, behind what was encrypted since it began. */
    SSLEngineResult wrap(ByteBuffer from) throws SSLException {
        SSLEngineResult result = engine.wrap(from, buffers.sent);
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            ByteBuffer larger =
                    TlsBuffers.larger(buffers.sent, 2 * engine.getSession().getPacketBufferSize());
            buffers.sent = larger.put(buffers.sent.flip());
            result = engine.wrap(from, buffers.sent);
        }
        hasWritten |= result.bytesConsumed() > 0;
        return result;
    }

    /** Sends what was encrypted since it began. Returns whether all of it is taken. */
    boolean send() throws IOException {
        if (buffers.sent.flip().hasRemaining()) {
            raw.write(buffers.sent);
        }
        unsent = TlsBuffers.rest(buffers.sent);
        return unsent == null;
    }

    /** How many bytes are held. */
    int unsent() {
        return unsent == null ? 0 : unsent.remaining();
    }

    /** Whether some of these are of what was written, and not only of what TLS itself says. */
    boolean holdsWritten() {
        return unsent != null && hasWritten;
    }

    /** What these take up in heap. */
    int heapBytes() {
        return TlsBuffers.heapBytes(unsent);
    }

    /** Forgets what is held. */
    void drop() {
        unsent = null;
    }
}
