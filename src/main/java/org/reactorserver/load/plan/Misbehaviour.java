package org.reactorserver.load.plan;

import java.nio.ByteBuffer;

/** Ways to be a bad client on purpose, to see what the server makes of it. */
public enum Misbehaviour {
    /** None: writes what is to be written, reads what is there. */
    NONE("none"),
    /** Reads a few bytes now and then, from a small receive buffer. */
    SLOW_READER("slow-reader"),
    /** Writes every message in pieces of one byte. */
    BYTE_AT_A_TIME("byte-at-a-time"),
    /** Ends its output when all is sent and then expects the last replies and the end of the stream. */
    HALF_CLOSE("half-close"),
    /** Resets the connections when all is sent, with messages outstanding. */
    RESET("reset"),
    /** Cuts what it writes inside each character of several bytes. */
    SPLIT_UTF8("split-utf8");

    private final String text;

    Misbehaviour(String text) {
        this.text = text;
    }

    /** How many of the remaining bytes are to be written in one go. */
    public int piece(ByteBuffer out) {
        return switch (this) {
            case BYTE_AT_A_TIME -> 1;
            case SPLIT_UTF8 -> untilInsideCharacter(out);
            default -> out.remaining();
        };
    }

    private static int untilInsideCharacter(ByteBuffer out) {
        for (int at = out.position() + 1; at < out.limit(); at++) {
            boolean isContinuation = (out.get(at) & 0xC0) == 0x80;
            if (isContinuation && (out.get(at - 1) & 0xC0) == 0xC0) {
                return at - out.position();
            }
        }
        return out.remaining();
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return text;
    }
}
