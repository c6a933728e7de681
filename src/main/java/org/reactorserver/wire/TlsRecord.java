package org.reactorserver.wire;

import java.nio.ByteBuffer;

/** What can be seen of the record at a buffer's position, though it is encrypted (RFC 8446, 5.1). */
public final class TlsRecord {
    private static final int HEADER = 5;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;
    private static final int MAJOR_VERSION = 3;
    private static final int MOST_MINOR_VERSION = 4;
    private static final int CLIENT_HELLO = 1;
    private static final int MESSAGE_HEADER = 4;

    private TlsRecord() {}

    /**
     * Whether a client's handshake begins like this: a record that holds one ClientHello, by its type, its version and
     * its two lengths. No message begins so by chance.
     *
     * @param read what was read, from 0 to its position
     */
    public static boolean isHello(ByteBuffer read) {
        return read.position() >= HEADER + MESSAGE_HEADER
                && read.get(0) == HANDSHAKE
                && read.get(1) == MAJOR_VERSION
                && read.get(2) <= MOST_MINOR_VERSION
                && read.getInt(HEADER) == (CLIENT_HELLO << 24) + (read.getShort(3) & 0xFFFF) - MESSAGE_HEADER;
    }

    /** Whether it may be one, of whatever length; there must be a byte. */
    static boolean isTls(ByteBuffer bytes) {
        int first = bytes.get(bytes.position());
        return first >= CHANGE_CIPHER_SPEC
                && first <= APPLICATION_DATA
                && (bytes.remaining() == 1 || bytes.get(bytes.position() + 1) == MAJOR_VERSION);
    }

    /** Whether it belongs to a handshake; in TLS 1.3 none does once there are keys. */
    static boolean isHandshake(ByteBuffer bytes) {
        return bytes.hasRemaining() && bytes.get(bytes.position()) == HANDSHAKE;
    }

    static boolean isWhole(ByteBuffer bytes) {
        return bytes.remaining() >= HEADER && length(bytes) <= bytes.remaining();
    }

    /** Whether it announces more bytes than any may have. */
    static boolean isTooLong(ByteBuffer bytes) {
        return bytes.remaining() >= HEADER && length(bytes) > TlsBuffers.MOST_RECORD;
    }

    /** With its header, which must be there. */
    static int length(ByteBuffer bytes) {
        return HEADER + (bytes.getShort(bytes.position() + HEADER - Short.BYTES) & 0xFFFF);
    }
}
