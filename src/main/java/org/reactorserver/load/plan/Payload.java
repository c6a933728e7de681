package org.reactorserver.load.plan;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of messages or of replies, as bytes, made anew for each: {@code id} is the number of the
 * connection, {@code seq} that of the message on it, both from 1. Makes no garbage; one thread.
 */
abstract class Payload {
    /** The bytes, which are good until the next call. */
    abstract byte[] render(long id, long seq);

    /** Whether messages that follow each other differ, so that their replies can be told apart. */
    abstract boolean isUnique();

    /** Whether the text is the same for all. */
    abstract boolean isConstant();

    /** A text in which {@code {id}} and {@code {seq}} are replaced. */
    static Payload of(String template) {
        return new Template(template);
    }

    /** Exactly so many bytes: the two numbers, as far as there is room, and letters. */
    static Payload ofSize(int size, long seed) {
        return new Sized(size, seed);
    }

    private static final class Template extends Payload {
        private static final Pattern FIELD = Pattern.compile("\\{(id|seq)}");

        private final byte[][] literals; // one more than there are fields
        private final boolean[] isSeq;
        private final boolean unique;
        private byte[][] byLength = new byte[64][]; // one array for every length, used again and again

        Template(String text) {
            Matcher field = FIELD.matcher(text);
            int count = (int) field.results().count();
            literals = new byte[count + 1][];
            isSeq = new boolean[count];
            field.reset();
            int from = 0;
            boolean anySeq = false;
            for (int i = 0; field.find(); i++) {
                literals[i] = text.substring(from, field.start()).getBytes(StandardCharsets.UTF_8);
                isSeq[i] = field.group(1).equals("seq");
                anySeq |= isSeq[i];
                from = field.end();
            }
            literals[count] = text.substring(from).getBytes(StandardCharsets.UTF_8);
            unique = anySeq;
        }

        @Override
        byte[] render(long id, long seq) {
            if (isSeq.length == 0) {
                return literals[0];
            }
            int length = literals[isSeq.length].length;
            for (int i = 0; i < isSeq.length; i++) {
                length += literals[i].length + digits(isSeq[i] ? seq : id);
            }
            byte[] bytes = ofLength(length);
            int at = 0;
            for (int i = 0; i < isSeq.length; i++) {
                at = put(literals[i], bytes, at);
                long value = isSeq[i] ? seq : id;
                int width = digits(value);
                putNumber(value, bytes, at, width);
                at += width;
            }
            put(literals[isSeq.length], bytes, at);
            return bytes;
        }

        private byte[] ofLength(int length) {
            if (length >= byLength.length) {
                byLength = Arrays.copyOf(byLength, Math.max(length + 1, byLength.length * 2));
            }
            if (byLength[length] == null) {
                byLength[length] = new byte[length];
            }
            return byLength[length];
        }

        private static int put(byte[] from, byte[] to, int at) {
            System.arraycopy(from, 0, to, at, from.length);
            return at + from.length;
        }

        @Override
        boolean isUnique() {
            return unique;
        }

        @Override
        boolean isConstant() {
            return isSeq.length == 0;
        }
    }

    private static final class Sized extends Payload {
        private static final int ID_WIDTH = 6;
        private static final int SEQ_WIDTH = 10;
        private static final int LONG_ENOUGH_FOR_BOTH = ID_WIDTH + 1 + SEQ_WIDTH + 1;

        private final byte[] bytes;
        private final int seqFrom;
        private final int seqWidth;

        Sized(int size, long seed) {
            bytes = new byte[size];
            Random random = new Random(seed);
            for (int i = 0; i < size; i++) {
                bytes[i] = (byte) ('a' + random.nextInt(26));
            }
            if (size >= LONG_ENOUGH_FOR_BOTH) {
                seqFrom = ID_WIDTH + 1;
                seqWidth = SEQ_WIDTH;
                bytes[seqFrom - 1] = ' ';
                bytes[seqFrom + seqWidth] = ' ';
            } else {
                seqFrom = 0;
                seqWidth = Math.min(size, SEQ_WIDTH);
            }
        }

        @Override
        byte[] render(long id, long seq) {
            if (seqFrom > 0) {
                putNumber(id, bytes, 0, ID_WIDTH);
            }
            putNumber(seq, bytes, seqFrom, seqWidth);
            return bytes;
        }

        @Override
        boolean isUnique() {
            return true; // the last digits are, which is all that neighbours need
        }

        @Override
        boolean isConstant() {
            return false;
        }
    }

    private static int digits(long value) {
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        return digits;
    }

    /** The last so many digits, with zeros in front. */
    private static void putNumber(long value, byte[] bytes, int from, int width) {
        long rest = value;
        for (int at = from + width - 1; at >= from; at--) {
            long quotient = rest / 10;
            bytes[at] = (byte) ('0' + (rest - quotient * 10));
            rest = quotient;
        }
    }
}
