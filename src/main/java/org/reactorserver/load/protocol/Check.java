package org.reactorserver.load.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A condition for the bytes of a reply. Immutable; any thread. */
abstract class Check {
    /** What must be there, with the values of the message that is answered. */
    abstract Ready with(Values values);

    /** A condition whose values are known. */
    interface Ready {
        /** Whether the first bytes, so many of them, are as they should be; what is captured is put into the values. */
        boolean holds(byte[] reply, int length, Values values);

        /** For a person. */
        String describe();
    }

    /** These bytes, with anything between the pieces. */
    private record Bytes(byte[][] pieces, boolean fromStart, boolean toEnd, String what) implements Ready {
        @Override
        public boolean holds(byte[] reply, int length, Values values) {
            int at = 0;
            for (int i = 0; i < pieces.length; i++) {
                byte[] piece = pieces[i];
                boolean isLast = i == pieces.length - 1;
                int found;
                if (i == 0 && fromStart) {
                    found = isAt(reply, length, piece, 0) ? 0 : -1;
                } else if (isLast && toEnd) {
                    found = length - piece.length >= at && isAt(reply, length, piece, length - piece.length)
                            ? length - piece.length
                            : -1;
                } else {
                    found = find(reply, at, length, piece);
                }
                if (found < 0) {
                    return false;
                }
                at = found + piece.length;
            }
            return !toEnd || at == length;
        }

        private static boolean isAt(byte[] reply, int length, byte[] piece, int at) {
            return at + piece.length <= length && Arrays.equals(reply, at, at + piece.length, piece, 0, piece.length);
        }

        private static int find(byte[] reply, int from, int length, byte[] piece) {
            for (int at = from; at + piece.length <= length; at++) {
                if (isAt(reply, length, piece, at)) {
                    return at;
                }
            }
            return -1;
        }

        @Override
        public String describe() {
            StringBuilder text = new StringBuilder(what);
            for (int i = 0; i < pieces.length; i++) {
                text.append(i == 0 ? "" : "{*}").append(new String(pieces[i], StandardCharsets.UTF_8));
            }
            return text.toString();
        }
    }

    /**
     * A text.
     *
     * @param fromStart whether the reply must begin with it
     * @param toEnd whether the reply must end with it
     * @param what it is called before the text, for a person
     */
    static Check text(Text text, boolean fromStart, boolean toEnd, String what) {
        return new Check() {
            @Override
            Ready with(Values values) {
                return new Bytes(text.pieces(values), fromStart, toEnd, what);
            }
        };
    }

    /** Where a named group of a regular expression goes. */
    record Capture(String group, int slot) {}

    /** Something in it, each byte a character, matches; what the named groups matched is captured. */
    static Check pattern(Pattern pattern, List<Capture> captures) {
        Ready ready = new Ready() {
            @Override
            public boolean holds(byte[] reply, int length, Values values) {
                Matcher matcher = pattern.matcher(new String(reply, 0, length, StandardCharsets.ISO_8859_1));
                if (!matcher.find()) {
                    return false;
                }
                for (Capture capture : captures) {
                    String value = matcher.group(capture.group());
                    values.named[capture.slot()] = value == null ? new byte[0] : bytes(value);
                }
                return true;
            }

            @Override
            public String describe() {
                return "a match of " + pattern;
            }
        };
        return new Check() {
            @Override
            Ready with(Values values) {
                return ready;
            }
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
