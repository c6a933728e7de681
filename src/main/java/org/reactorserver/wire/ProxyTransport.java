package org.reactorserver.wire;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/**
 * A connection that begins with a {@link ProxyHeader}: it is established when the header is complete, and from there
 * on it is what is below it. So it stands below TLS, which sees the bytes behind the header and no others.
 *
 * <p>A read finds whatever has arrived, so it may take in bytes that follow the header. They are kept and are what is
 * read next; while there are some, {@link #holdsInput} says so, for no event will. What a sender can make it hold is
 * one array of {@value #USUAL} bytes, or as many as its header has, at most {@value ProxyHeader#LONGEST}; none is held
 * afterwards. Loop only.
 */
public final class ProxyTransport implements Transport {
    private static final int USUAL = 256; // two paths of Unix sockets, or two addresses and what HAProxy adds

    private final Transport below;
    private ByteBuffer taken = ByteBuffer.allocate(USUAL); // and not given yet; null if nothing is
    private ProxyHeader header; // null until it is complete

    /** Over the socket. */
    public ProxyTransport(Transport below) {
        this.below = below;
    }

    /** What the proxy has said; null while it is not {@linkplain #isEstablished established}. */
    public ProxyHeader header() {
        return header;
    }

    @Override
    public SocketAddress localAddress() {
        return below.localAddress();
    }

    @Override
    public boolean isEstablished() {
        return header != null && below.isEstablished();
    }

    /**
     * {@inheritDoc}
     *
     * @throws ProxyException if what comes is no header, or the stream ends inside it; the connection is to be closed
     */
    @Override
    public int read(ByteBuffer into) throws IOException {
        if (header == null) {
            return takeIn();
        }
        if (taken == null) {
            return below.read(into);
        }
        int count = Math.min(taken.remaining(), into.remaining());
        into.put(taken.slice(taken.position(), count));
        taken.position(taken.position() + count);
        if (!taken.hasRemaining()) {
            taken = null;
        }
        return count;
    }

    private int takeIn() throws IOException {
        int count = below.read(taken);
        taken.flip();
        if (count < 0) {
            if (taken.hasRemaining()) {
                throw ProxyException.malformed("the stream ended after " + taken.remaining() + " bytes of it");
            }
            taken.clear();
            return count; // the peer has sent nothing, as a health check that only connects
        }
        header = ProxyHeader.parse(taken);
        if (header == null) {
            int length = ProxyHeader.length(taken);
            taken = length > taken.capacity() ? ByteBuffer.allocate(length).put(taken) : taken.compact();
        } else if (!taken.hasRemaining()) {
            taken = null;
        }
        return 0;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        return below.write(from);
    }

    @Override
    public int begun() {
        return below.begun();
    }

    @Override
    public boolean isReadBlocked() {
        return below.isReadBlocked();
    }

    @Override
    public int interestOps(boolean reading, boolean writing) {
        return below.interestOps(reading || !isEstablished(), writing);
    }

    @Override
    public boolean holdsInput() {
        return leftOver() > 0 || below.holdsInput();
    }

    @Override
    public End end() {
        return below.end();
    }

    @Override
    public int mostUnread() throws IOException {
        return below.mostUnread() + leftOver();
    }

    /** What it holds itself is given up once what follows the header is read. */
    @Override
    public int heapBytes() {
        return below.heapBytes() + (taken == null ? 0 : taken.capacity());
    }

    /** How many bytes of what follows the header are still here. */
    private int leftOver() {
        return header == null || taken == null ? 0 : taken.remaining();
    }

    @Override
    public int unsent() {
        return below.unsent();
    }

    @Override
    public boolean holdsWritten() {
        return below.holdsWritten();
    }

    @Override
    public boolean endOutput() throws IOException {
        return below.endOutput();
    }

    @Override
    public void close(boolean cutOff) throws IOException {
        taken = null;
        below.close(cutOff);
    }
}
