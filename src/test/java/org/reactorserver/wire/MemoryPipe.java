package org.reactorserver.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.function.IntUnaryOperator;

/**
 * A connection in memory: two transports, of which each reads what the other has written. Nothing is left to chance: a
 * script says how much of what is possible a read or a write comes to.
 */
final class MemoryPipe {
    final Port left;
    final Port right;

    /**
     * Makes one.
     *
     * @param capacity how many bytes can be under way in one direction
     */
    MemoryPipe(int capacity) {
        left = new Port(capacity);
        right = new Port(capacity);
        left.other = right;
        right.other = left;
    }

    /** One end of it. */
    static final class Port implements Transport {
        /** How much a read comes to, given what is possible. */
        IntUnaryOperator reads = possible -> possible;

        /** How much a write comes to, given what is possible. */
        IntUnaryOperator writes = possible -> possible;

        private final ByteBuffer arrived; // to be filled
        private Port other;
        private boolean ended;
        private boolean closed;
        private boolean cutOff;
        private long written;

        private Port(int capacity) {
            arrived = ByteBuffer.allocate(capacity);
        }

        boolean isReadable() {
            return arrived.position() > 0 || other.ended;
        }

        boolean isWritable() {
            return other.arrived.hasRemaining();
        }

        boolean isClosed() {
            return closed;
        }

        /** Whether this end has ended its stream. */
        boolean hasEnded() {
            return ended;
        }

        /** How many bytes this end has written. */
        long written() {
            return written;
        }

        /** Puts bytes under way as if this end had written them. */
        void inject(byte[] bytes) {
            other.arrived.put(bytes);
        }

        /** Takes what has arrived away, as an attacker on the network might. */
        byte[] steal() {
            arrived.flip();
            byte[] stolen = new byte[arrived.remaining()];
            arrived.get(stolen);
            arrived.clear();
            return stolen;
        }

        @Override
        public boolean isEstablished() {
            return true;
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            requireOpen();
            if (cutOff) {
                throw new IOException("Connection reset");
            }
            if (arrived.position() == 0) {
                return other.ended ? -1 : 0;
            }
            arrived.flip();
            int count = reads.applyAsInt(Math.min(into.remaining(), arrived.remaining()));
            into.put(into.position(), arrived, 0, count).position(into.position() + count);
            arrived.position(count);
            arrived.compact();
            return count;
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            requireOpen();
            if (ended || other.closed) {
                throw new IOException("Broken pipe");
            }
            int count = writes.applyAsInt(Math.min(from.remaining(), other.arrived.remaining()));
            other.arrived.put(from.slice().limit(count));
            from.position(from.position() + count);
            written += count;
            return count;
        }

        private void requireOpen() throws IOException {
            if (closed) {
                throw new IOException("closed");
            }
        }

        @Override
        public int interestOps(boolean reading, boolean writing) {
            return (reading ? SelectionKey.OP_READ : 0) | (writing ? SelectionKey.OP_WRITE : 0);
        }

        @Override
        public boolean holdsInput() {
            return false;
        }

        @Override
        public int mostUnread() {
            return arrived.capacity();
        }

        @Override
        public int unsent() {
            return 0;
        }

        @Override
        public boolean endOutput() {
            ended = true;
            return true;
        }

        @Override
        public void close(boolean isCutOff) {
            ended = true;
            closed = true;
            other.cutOff |= isCutOff;
        }
    }
}
