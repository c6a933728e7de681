package org.reactorserver.load.plan;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactorserver.framing.Framing;
import org.reactorserver.load.text.Escapes;

/**
 * The text of messages or of replies, as bytes, made anew for each: {@code id} is the number of the
 * connection, {@code seq} that of the message on it, both from 1. Makes no garbage; one thread.
 */
abstract class Payload {
    /** The bytes, which are good until the next call. */
    abstract byte[] render(long id, long seq);

    /** The same with what a framing puts around it. */
    abstract Payload framed(Framing framing);

    /** Whether messages that follow each other differ, so that their replies can be told apart. */
    abstract boolean isUnique();

    /** Whether the text is the same for all. */
    abstract boolean isConstant();

    /**
     * A text in which {@code {id}} and {@code {seq}} are replaced, and <code>{{}</code> by a brace.
     *
     * @param escaped whether the rest is written as {@link Escapes} has it
     * @throws IllegalArgumentException if another name stands in braces, or there is an escape that is none
     */
    static Payload of(String template, boolean escaped) {
        return new Template(template, escaped);
    }

    /** Exactly so many bytes: the two numbers, as far as there is room, and letters. */
    static Payload ofSize(int size, long seed) {
        return new Sized(size, seed);
    }

    private static final class Template extends Payload {
        private static final Pattern NAME = Pattern.compile("\\{(\\{|[A-Za-z]\\w*)}");

        private final byte[][] literals; // one more than there are fields
        private final boolean[] isSeq;
        private final boolean unique;
        private byte[][] byLength = new byte[64][]; // one array for every length, used again and again

        Template(String text, boolean escaped) {
            List<byte[]> between = new ArrayList<>();
            List<Boolean> fields = new ArrayList<>();
            Matcher field = NAME.matcher(text);
            StringBuilder literal = new StringBuilder();
            int from = 0;
            while (field.find()) {
                literal.append(text, from, field.start());
                from = field.end();
                switch (field.group(1)) {
                    case "{" -> literal.append('{');
                    case "id", "seq" -> {
                        between.add(bytes(literal.toString(), escaped));
                        fields.add(field.group(1).equals("seq"));
                        literal.setLength(0);
                    }
                    default ->
                        throw new IllegalArgumentException("'" + field.group() + "' stands for nothing: there are {id},"
                                + " the number of the connection, and {seq}, that of the message on it; a brace is"
                                + " written {{}");
                }
            }
            literal.append(text, from, text.length());
            between.add(bytes(literal.toString(), escaped));
            literals = between.toArray(new byte[0][]);
            isSeq = new boolean[fields.size()];
            for (int i = 0; i < isSeq.length; i++) {
                isSeq[i] = fields.get(i);
            }
            unique = fields.contains(true);
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

        private static byte[] bytes(String text, boolean escaped) {
            return escaped ? Escapes.bytes(text) : text.getBytes(StandardCharsets.UTF_8);
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
        Payload framed(Framing framing) {
            return new Framed(this, framing);
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
        private final int idFrom;
        private final int idWidth;
        private final int seqFrom;
        private final int seqWidth;
        private long lastId = -1;
        private long lastSeq = -2; // of none, and of none before the first

        Sized(int size, long seed) {
            bytes = new byte[size];
            idFrom = 0;
            Random random = new Random(seed);
            for (int i = 0; i < size; i++) {
                bytes[i] = (byte) ('a' + random.nextInt(26));
            }
            if (size >= LONG_ENOUGH_FOR_BOTH) {
                idWidth = ID_WIDTH;
                seqFrom = ID_WIDTH + 1;
                seqWidth = SEQ_WIDTH;
                bytes[seqFrom - 1] = ' ';
                bytes[seqFrom + seqWidth] = ' ';
            } else { // as many of the last digits as there is room for
                idWidth = Math.min(ID_WIDTH, size / 2);
                seqFrom = idWidth;
                seqWidth = Math.min(size - idWidth, SEQ_WIDTH);
            }
        }

        private Sized(Sized text, Framing framing) {
            int head = Framed.head(text.bytes, framing);
            bytes = Framed.frame(text.bytes, framing);
            idFrom = head + text.idFrom;
            idWidth = text.idWidth;
            seqFrom = head + text.seqFrom;
            seqWidth = text.seqWidth;
        }

        @Override
        Payload framed(Framing framing) {
            return new Sized(this, framing);
        }

        @Override
        byte[] render(long id, long seq) {
            if (id != lastId) {
                putNumber(id, bytes, idFrom, idWidth);
                lastId = id;
            }
            if (seq == lastSeq + 1) {
                increment(
                        bytes, seqFrom, seqWidth); // as a rule, since a connection's messages come one after the other
            } else if (seq != lastSeq) {
                putNumber(seq, bytes, seqFrom, seqWidth);
            }
            lastSeq = seq;
            return bytes;
        }

        private static void increment(byte[] bytes, int from, int width) {
            int at = from + width - 1;
            while (at >= from && bytes[at] == '9') {
                bytes[at--] = '0';
            }
            if (at >= from) {
                bytes[at]++;
            }
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

    /**
     * A text with what a framing puts around it. Of each length there is one array, in which the text changes and what is
     * around it stays, so that the framing is asked once.
     */
    private static final class Framed extends Payload {
        private final Payload text;
        private final Framing framing;
        private final int tail;
        private byte[][] byLength = new byte[64][];

        Framed(Payload text, Framing framing) {
            this.text = text;
            this.framing = framing;
            this.tail = framing.overhead(1) - head(new byte[1], framing);
        }

        /** A framed text. */
        static byte[] frame(byte[] text, Framing framing) {
            ByteBuffer out = ByteBuffer.allocate(text.length + framing.overhead(text.length));
            framing.put(text, 0, out);
            return out.array();
        }

        /** How many bytes of a framing stand before a text, which is not empty: what is framed is the same up to there. */
        static int head(byte[] text, Framing framing) {
            byte[] another = text.clone();
            another[0]++;
            return Arrays.mismatch(frame(text, framing), frame(another, framing));
        }

        @Override
        byte[] render(long id, long seq) {
            byte[] bytes = text.render(id, seq);
            byte[] frame = ofLength(bytes);
            System.arraycopy(bytes, 0, frame, frame.length - tail - bytes.length, bytes.length);
            return frame;
        }

        private byte[] ofLength(byte[] bytes) {
            int length = bytes.length;
            if (length >= byLength.length) {
                byLength = Arrays.copyOf(byLength, Math.max(length + 1, byLength.length * 2));
            }
            if (byLength[length] == null) {
                byLength[length] = frame(bytes, framing);
            }
            return byLength[length];
        }

        @Override
        Payload framed(Framing another) {
            return new Framed(this, another);
        }

        @Override
        boolean isUnique() {
            return text.isUnique();
        }

        @Override
        boolean isConstant() {
            return text.isConstant();
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
