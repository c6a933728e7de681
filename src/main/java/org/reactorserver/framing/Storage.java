package org.reactorserver.framing;

/** Where residues get their arrays, and the count of what they copy. Tests let it fail and read the count. */
class Storage {
    private long copied;

    byte[] newArray(int length) {
        return new byte[length];
    }

    final void copy(byte[] source, int from, byte[] target, int at, int count) {
        System.arraycopy(source, from, target, at, count);
        copied += count;
    }

    /** How many bytes that had been read before were copied again. */
    final long copied() {
        return copied;
    }
}
