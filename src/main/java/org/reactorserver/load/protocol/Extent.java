package org.reactorserver.load.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds where replies end while their bytes come by, cut by TCP wherever it likes; keeps no more of them than the
 * part that says how long they are. One for each connection, used for one reply after the other. Loop only.
 */
public abstract class Extent {
    /** The longest head, line or number that is kept. */
    static final int LONGEST_HEAD = 64 * 1024;

    /** The longest reply, in bytes. */
    static final long LONGEST = 1 << 30;

    private Extent() {}

    /**
     * Takes bytes of one reply.
     *
     * @return the index behind the last byte of the reply, or -1 if all bytes are of it and it goes on
     * @throws Unreadable if no reply of this kind can be like that
     */
    public abstract int end(byte[] bytes, int from, int to) throws Unreadable;

    /** So many times these bytes, the last time at the end. */
    static Extent until(byte[] terminator, int times) {
        return new Until(terminator, times);
    }

    /** So many bytes, at least one. */
    static Extent bytes(long count) {
        return new Extent() {
            private long missing = count;

            @Override
            public int end(byte[] bytes, int from, int to) {
                if (to - from < missing) {
                    missing -= to - from;
                    return -1;
                }
                int end = from + (int) missing;
                missing = count;
                return end;
            }
        };
    }

    /**
     * A number, unsigned, and as many bytes behind it as it says, more or fewer by a constant.
     *
     * @param width of the number in bytes, 1 to 8
     */
    static Extent lengthField(int width, boolean littleEndian, int plus) {
        return new LengthField(width, littleEndian, plus);
    }

    /** A line, without its end, for each time that it does not match, and the first that does. */
    static Extent linesUntil(Pattern last) {
        return new Extent() {
            private final Head line = new Head(new byte[] {'\n'});

            @Override
            public int end(byte[] bytes, int from, int to) throws Unreadable {
                int at = from;
                while (at < to && (at = line.end(bytes, at, to)) >= 0) {
                    if (last.matcher(line.take().strip()).find()) {
                        return at;
                    }
                }
                return -1;
            }
        };
    }

    /** A head up to a terminator, and behind it as many bytes as the first group of a pattern in it says, and so many more. */
    static Extent headAndBody(byte[] terminator, Pattern length, int plus) {
        return new HeadAndBody(terminator) {
            @Override
            long bodyLength(String head) {
                Matcher matcher = length.matcher(head);
                return matcher.find() ? Long.parseLong(matcher.group(1)) + plus : 0;
            }
        };
    }

    /** A response of HTTP/1.1 to anything but HEAD: RFC 9112, section 6.3. */
    static Extent http() {
        return new Http();
    }

    /** A value of the redis serialization protocol, RESP2 or RESP3. */
    static Extent resp() {
        return new Resp();
    }

    private static final class Until extends Extent {
        private final byte[] terminator;
        private final int[] borders; // of each prefix: the longest proper one that it ends with (Knuth, Morris, Pratt)
        private final int times;
        private int agreed;
        private int found;

        Until(byte[] terminator, int times) {
            this.terminator = terminator;
            this.times = times;
            this.borders = new int[terminator.length];
            for (int i = 1, border = 0; i < terminator.length; i++) {
                while (border > 0 && terminator[i] != terminator[border]) {
                    border = borders[border - 1];
                }
                border += terminator[i] == terminator[border] ? 1 : 0;
                borders[i] = border;
            }
        }

        @Override
        public int end(byte[] bytes, int from, int to) {
            for (int at = from; at < to; at++) {
                while (agreed > 0 && bytes[at] != terminator[agreed]) {
                    agreed = borders[agreed - 1];
                }
                agreed += bytes[at] == terminator[agreed] ? 1 : 0;
                if (agreed == terminator.length) {
                    agreed = 0;
                    if (++found == times) {
                        found = 0;
                        return at + 1;
                    }
                }
            }
            return -1;
        }
    }

    private static final class LengthField extends Extent {
        private final int width;
        private final boolean littleEndian;
        private final int plus;
        private int have; // bytes of the number
        private long number;
        private long missing; // of what follows

        LengthField(int width, boolean littleEndian, int plus) {
            this.width = width;
            this.littleEndian = littleEndian;
            this.plus = plus;
        }

        @Override
        public int end(byte[] bytes, int from, int to) throws Unreadable {
            int at = from;
            while (have < width && at < to) {
                long octet = bytes[at++] & 0xFF;
                number = littleEndian ? number | octet << Byte.SIZE * have : number << Byte.SIZE | octet;
                have++;
                missing = number + plus;
            }
            if (have == width && (missing < 0 || missing > LONGEST)) {
                throw new Unreadable("a length of " + number + ": from 0 to " + LONGEST + " were expected");
            }
            if (have < width || missing > to - at) {
                missing -= to - at;
                return -1;
            }
            int end = at + (int) missing;
            have = 0;
            number = 0;
            return end;
        }
    }

    /** Keeps what comes until a terminator. */
    private static final class Head {
        private final Extent until;
        private byte[] kept = new byte[256];
        private int count;

        Head(byte[] terminator) {
            this.until = until(terminator, 1);
        }

        int end(byte[] bytes, int from, int to) throws Unreadable {
            int end = until.end(bytes, from, to);
            int length = (end < 0 ? to : end) - from;
            if (count + length > LONGEST_HEAD) {
                throw new Unreadable("more than " + LONGEST_HEAD + " bytes that do not say where the reply ends");
            }
            if (count + length > kept.length) {
                kept = Arrays.copyOf(kept, Math.max(count + length, 2 * kept.length));
            }
            System.arraycopy(bytes, from, kept, count, length);
            count += length;
            return end;
        }

        String take() {
            String text = new String(kept, 0, count, StandardCharsets.ISO_8859_1);
            count = 0;
            return text;
        }
    }

    private abstract static class HeadAndBody extends Extent {
        private final Head head;
        private boolean inBody;
        private long missing;

        HeadAndBody(byte[] terminator) {
            head = new Head(terminator);
        }

        abstract long bodyLength(String head) throws Unreadable;

        @Override
        public int end(byte[] bytes, int from, int to) throws Unreadable {
            int at = from;
            if (!inBody) {
                at = head.end(bytes, from, to);
                if (at < 0) {
                    return -1;
                }
                String text = head.take();
                try {
                    missing = bodyLength(text);
                } catch (NumberFormatException e) {
                    missing = -1;
                }
                if (missing < 0 || missing > LONGEST) {
                    throw new Unreadable("no length from 0 to " + LONGEST + " in: " + text);
                }
                inBody = true;
            }
            if (missing > to - at) {
                missing -= to - at;
                return -1;
            }
            inBody = false;
            return at + (int) missing;
        }
    }

    private static final class Http extends Extent {
        private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})[ \r].*", Pattern.DOTALL);
        private static final Pattern LENGTH = Pattern.compile("(?im)^content-length:[ \t]*(\\d{1,18})[ \t]*\r?$");
        private static final Pattern CHUNKED = Pattern.compile("(?im)^transfer-encoding:.*chunked[ \t]*\r?$");
        private static final Pattern HEX = Pattern.compile("([0-9a-fA-F]{1,15}).*\r?\n", Pattern.DOTALL);
        private static final byte[] LINE_END = {'\n'};

        private final Extent plain = new HeadAndBody(new byte[] {'\r', '\n', '\r', '\n'}) {
            @Override
            long bodyLength(String head) throws Unreadable {
                Matcher status = STATUS.matcher(head);
                if (!status.matches()) {
                    throw new Unreadable("no status line of HTTP/1.1: "
                            + head.lines().findFirst().orElse(""));
                }
                String code = status.group(1);
                inform = code.startsWith("1");
                boolean bodiless = inform || code.equals("204") || code.equals("304");
                inChunks = !bodiless && CHUNKED.matcher(head).find();
                Matcher length = LENGTH.matcher(head);
                if (bodiless || inChunks) {
                    return 0;
                } else if (!length.find()) {
                    throw new Unreadable("a response whose end is that of the connection: it has neither a"
                            + " Content-Length nor chunks");
                }
                return Long.parseLong(length.group(1));
            }
        };

        private final Extent chunk = new HeadAndBody(LINE_END) {
            @Override
            long bodyLength(String head) throws Unreadable {
                Matcher size = HEX.matcher(head);
                if (!size.matches()) {
                    throw new Unreadable("no size of a chunk: " + head);
                }
                long length = Long.parseLong(size.group(1), 16);
                inTrailer = length == 0;
                return length == 0 ? 0 : length + 2; // the line end behind it
            }
        };
        private final Head trailer = new Head(LINE_END);
        private boolean inform; // 1xx: the response proper follows
        private boolean inChunks;
        private boolean inTrailer;

        @Override
        public int end(byte[] bytes, int from, int to) throws Unreadable {
            int at = from;
            while (at < to && at >= 0) {
                if (inTrailer) {
                    at = trailer.end(bytes, at, to);
                    if (at >= 0 && trailer.take().isBlank()) {
                        inTrailer = false;
                        inChunks = false;
                        return at;
                    }
                } else if (inChunks) {
                    at = chunk.end(bytes, at, to);
                } else {
                    at = plain.end(bytes, at, to);
                    if (at >= 0 && !inform && !inChunks) {
                        return at;
                    }
                }
            }
            return -1;
        }
    }

    private static final class Resp extends Extent {
        private static final String SIMPLE = "+-:_,#(";
        private static final String BULK = "$=!";
        private static final String AGGREGATE = "*~>";

        private long values = 1; // still to come

        private final Extent value = new HeadAndBody(new byte[] {'\r', '\n'}) {
            @Override
            long bodyLength(String head) throws Unreadable {
                char type = head.charAt(0);
                if (SIMPLE.indexOf(type) >= 0) {
                    values--;
                    return 0;
                }
                long number = number(head);
                if (BULK.indexOf(type) >= 0) {
                    values--;
                    return number < 0 ? 0 : number + 2;
                } else if (AGGREGATE.indexOf(type) >= 0 || type == '%') {
                    values += Math.max(0, number) * (type == '%' ? 2 : 1) - 1;
                    return 0;
                } else if (type == '|') {
                    values += 2 * number; // attributes stand before the value
                    return 0;
                }
                throw new Unreadable("no value of RESP: " + head);
            }
        };

        private static long number(String head) throws Unreadable {
            try {
                return Long.parseLong(head.substring(1).strip());
            } catch (NumberFormatException e) {
                throw new Unreadable("no value of RESP: " + head);
            }
        }

        @Override
        public int end(byte[] bytes, int from, int to) throws Unreadable {
            int at = from;
            while (at < to) {
                at = value.end(bytes, at, to);
                if (at < 0) {
                    return -1;
                } else if (values == 0) {
                    values = 1;
                    return at;
                }
            }
            return -1;
        }
    }
}
