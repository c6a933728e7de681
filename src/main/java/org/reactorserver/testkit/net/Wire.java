package org.reactorserver.testkit.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * One TCP connection and the two kernels at its ends, as Linux behaves:
 *
 * <ul>
 *   <li>the end of the stream stays readable for ever, as −1;
 *   <li>a reset overtakes what is under way and drops it; bytes that have arrived are read first, then
 *       comes an exception, unless the stream had ended before;
 *   <li>the first write after the peer has closed succeeds and causes a reset; the next one fails;
 *   <li>closing with unread input is a reset, and so is input that arrives after the close; what the
 *       closed end had written and the peer not received is lost then. A half-close loses nothing.
 * </ul>
 *
 * <p>Nothing moves by itself: {@link End#transfer} is the network.
 */
public final class Wire {
    public final InetSocketAddress peerAddress;
    public final End server;
    public final End peer;

    /** One for a peer that is to connect; see {@link FakeServerSocketChannel#offer}. */
    public Wire(InetSocketAddress peerAddress, int sendCapacity, int receiveCapacity) {
        this.peerAddress = peerAddress;
        this.server = new End(sendCapacity, receiveCapacity);
        this.peer = new End(receiveCapacity, sendCapacity);
        server.other = peer;
        peer.other = server;
    }

    /** One end: what a process may ask of its socket, and what the kernel does with it. */
    public static final class End {
        private final Bytes sending = new Bytes();
        private final Bytes arrived = new Bytes();
        private final int sendCapacity;
        private final int receiveCapacity;
        private End other;
        private boolean ended; // its own stream, by a half-close or a close
        private boolean endArrived; // that of the other end
        private boolean closed;
        private boolean reset;
        private boolean resetUntold; // no write has failed of it yet

        int receiveCapacity() {
            return receiveCapacity;
        }

        private End(int sendCapacity, int receiveCapacity) {
            this.sendCapacity = sendCapacity;
            this.receiveCapacity = receiveCapacity;
        }

        /** How many bytes have arrived. */
        public int readable() {
            return arrived.size();
        }

        /** How many more bytes the kernel would take. */
        public int writable() {
            return reset || ended ? 0 : sendCapacity - sending.size();
        }

        /** Whether a poll for input would return. */
        public boolean isReadable() {
            return !arrived.isEmpty() || endArrived || isHungUp();
        }

        /** Whether a poll for output would return: only a third of free space is worth it. */
        boolean isWritable() {
            return isHungUp() || ended || 3 * (sendCapacity - sending.size()) >= sendCapacity;
        }

        /** Whether any poll would return. */
        boolean isHungUp() {
            return reset || (ended && endArrived);
        }

        /** Whether the connection is broken. */
        public boolean isReset() {
            return reset;
        }

        /** Whether the process has closed it. */
        public boolean isClosed() {
            return closed;
        }

        /** Whether this end's stream has ended or will, of its own will. */
        public boolean hasEnded() {
            return ended;
        }

        /** Whether the other end's stream has ended and was read to its end. */
        public boolean atEnd() {
            return endArrived && arrived.isEmpty();
        }

        /** Reads at most so many bytes; −1 at the end of the stream. */
        public int read(ByteBuffer target, int most) throws IOException {
            if (!target.hasRemaining()) {
                return 0;
            }
            if (!arrived.isEmpty()) {
                int count = Math.min(target.remaining(), Math.min(most, arrived.size()));
                arrived.give(target, count);
                return count;
            }
            if (reset && resetUntold && !endArrived) {
                throw new IOException("Connection reset");
            }
            return reset || endArrived ? -1 : 0;
        }

        /** Writes at most so many bytes. */
        public int write(ByteBuffer source, int most) throws IOException {
            if (reset) {
                boolean untold = resetUntold && !endArrived;
                resetUntold = false;
                throw new IOException(untold ? "Connection reset by peer" : "Broken pipe");
            }
            int count = Math.min(source.remaining(), Math.min(most, writable()));
            sending.take(source, count);
            return count;
        }

        /** Ends its own stream, and reads on. */
        public void shutdownOutput() {
            ended = true;
        }

        /** Closes, which is a reset if something is left unread. */
        public void close() {
            if (arrived.isEmpty()) {
                closed = true;
                ended = true;
            } else {
                abort();
            }
        }

        /** Closes by a reset. */
        public void abort() {
            closed = true;
            ended = true;
            sending.clear();
            other.onReset();
        }

        private void onReset() {
            sending.clear();
            if (!reset) {
                reset = true;
                resetUntold = true;
            }
        }

        /** Whether {@link #transfer} would change anything. */
        public boolean canTransfer() {
            return !reset
                    && (sending.isEmpty()
                            ? ended && !other.endArrived && !other.reset
                            : other.closed || other.room() > 0);
        }

        /** The network carries at most so many bytes, or the end of the stream, to the other end. */
        public void transfer(int most) {
            if (sending.isEmpty()) {
                other.endArrived |= ended;
            } else if (other.closed) {
                other.sending.clear();
                onReset();
            } else {
                other.arrived.take(sending, Math.min(most, Math.min(sending.size(), other.room())));
            }
        }

        private int room() {
            return receiveCapacity - arrived.size();
        }
    }
}
