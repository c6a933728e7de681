package org.reactorserver.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.reactorserver.framing.Framing;
import org.reactorserver.testkit.net.Dice;

/** The bytes that one peer sends, and what a server must make of them. */
final class Script {
    /** What comes after the good messages. */
    enum End {
        GOOD,
        MALFORMED,
        TOO_LARGE,
        NEGATIVE,
        SHAPELESS,
        TRUNCATED
    }

    /** What a seed chooses among; a simple one of each kind, and those that are most easily got wrong. */
    static final String[] FRAMINGS = {
        "chunk", "line", "length", "line:crlf", "nul", "octets", "length:3le,signed,inclusive"
    };

    private static final String[] CHARACTERS = {"a", "b", "7", " ", "é", "收", "😀"};

    final List<String> messages = new ArrayList<>(); // the good ones
    final List<Integer> ends = new ArrayList<>(); // where in the bytes each of these ends
    final String text; // all of these
    final End end;
    final byte[] bytes;

    private final Framing framing;
    private final Dice dice;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final int[] characters; // of chunks: how many are whole before each byte

    Script(Dice dice, Plan plan, boolean good, boolean isFirst) {
        this.dice = dice;
        framing = plan.framing;
        int count = plan.flood
                ? 1
                : plan.crowd
                        ? (isFirst ? 1 : dice.between(100, 150))
                        : dice.oneIn(40) && !plan.isNarrow() ? dice.between(100, 1500) : dice.below(9);
        int longest = Math.min(plan.maxMessage, dice.oneIn(20) && !plan.isNarrow() ? 1000 : 30);
        for (int i = 0; i < count; i++) {
            addMessage(count >= 100 ? Math.min(longest, 4) : longest, plan.replaceMalformed);
        }
        if ((dice.oneIn(100) || plan.crowd && isFirst) && !plan.isNarrow()) {
            addMessage(plan.maxMessage, false);
        }
        end = good ? End.GOOD : chooseEnd(plan);
        switch (end) {
            case GOOD -> {}
            case MALFORMED -> frame(new byte[] {(byte) 0xFF});
            case TOO_LARGE -> frame("a".repeat(plan.maxMessage + 1).getBytes(UTF_8));
            case NEGATIVE ->
                out.writeBytes(framing == Framing.lengthPrefixed() ? new byte[] {-1, 0, 0, 1} : new byte[] {1, 0, -1});
            case SHAPELESS -> out.write('x');
            case TRUNCATED -> out.writeBytes(truncated());
        }
        if (end != End.GOOD && end != End.TRUNCATED && dice.oneIn(2)) {
            out.writeBytes(new byte[dice.below(2000)]); // still sending when it is refused
        }
        text = String.join("", messages);
        bytes = out.toByteArray();
        characters = framing == Framing.chunks() ? countCharacters() : null;
    }

    private void addMessage(int longest, boolean mayBeMalformed) {
        if (mayBeMalformed && dice.oneIn(5)) {
            messages.add("\uFFFD");
            frame(new byte[] {(byte) 0xFF});
        } else {
            String made = makeMessage(dice.oneIn(10) ? longest : dice.below(longest + 1));
            String message = made.isEmpty() && isCounted() ? "a" : made; // RFC 6587 has none that is empty
            messages.add(message);
            frame(message.getBytes(UTF_8));
        }
        ends.add(out.size());
    }

    private String makeMessage(int size) {
        if (size > 200) {
            return "a".repeat(size);
        }
        StringBuilder message = new StringBuilder();
        for (int bytes = 0; bytes < size; ) {
            String next = size - bytes < 4 ? "a" : dice.any(CHARACTERS);
            message.append(next);
            bytes += next.getBytes(UTF_8).length;
        }
        return message.toString();
    }

    private void frame(byte[] payload) {
        int length = payload.length;
        byte[] head = switch (framing.toString()) {
            case "length" ->
                new byte[] {(byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length};
            case "length:3le,signed,inclusive" ->
                new byte[] {(byte) (length + 3), (byte) (length + 3 >>> 8), (byte) (length + 3 >>> 16)};
            case "octets" -> (length + " ").getBytes(UTF_8);
            default -> new byte[0];
        };
        String tail = switch (framing.toString()) {
            case "line" -> dice.oneIn(4) ? "\r\n" : "\n";
            case "line:crlf" -> "\r\n";
            case "nul" -> "\0";
            default -> "";
        };
        out.writeBytes(head);
        out.writeBytes(payload);
        out.writeBytes(tail.getBytes(UTF_8));
    }

    private boolean isCounted() {
        return framing == Framing.octetCounted();
    }

    private boolean hasLength() {
        return framing.toString().startsWith("length");
    }

    private End chooseEnd(Plan plan) {
        End wish = dice.any(End.values());
        boolean possible = switch (wish) {
            case GOOD, TRUNCATED -> true;
            case MALFORMED -> !plan.replaceMalformed;
            case TOO_LARGE -> framing != Framing.chunks();
            case NEGATIVE -> hasLength();
            case SHAPELESS -> isCounted();
        };
        return possible ? wish : End.GOOD;
    }

    private byte[] truncated() {
        return isCounted()
                ? new byte[] {'1'}
                : hasLength()
                        ? new byte[] {0, 0}
                        : new byte[] {(byte) 0xE6, (byte) 0x94}; // two of the three bytes of a 收
    }

    private int[] countCharacters() {
        int[] counts = new int[bytes.length + 1];
        int at = 0;
        int good = ends.isEmpty() ? 0 : ends.get(ends.size() - 1);
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            at += text.charAt(i) == '\uFFFD' ? 1 : utf8Length(text.codePointAt(i));
            counts[at] = i + Character.charCount(text.codePointAt(i));
        }
        for (int i = 1; i < counts.length; i++) {
            counts[i] = Math.max(counts[i], counts[i - 1]);
        }
        if (at != good) {
            throw new AssertionError("counted wrongly");
        }
        return counts;
    }

    private static int utf8Length(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }

    /** Whether the stream, cut after so many bytes, ends inside a message. */
    boolean isInside(int count) {
        if (framing == Framing.chunks()) {
            return count < bytes.length ? isContinuation(count) : count > 0 && end == End.TRUNCATED;
        }
        return count > 0 && Collections.binarySearch(ends, count) < 0;
    }

    /** How much is in so many of the bytes: whole good messages; of chunks, characters. */
    int contentOf(int count) {
        if (framing == Framing.chunks()) {
            return characters[count];
        }
        int place = Collections.binarySearch(ends, count);
        return place >= 0 ? place + 1 : -place - 1;
    }

    private boolean isContinuation(int at) {
        return (bytes[at] & 0xC0) == 0x80;
    }

    /**
     * How far the content goes with this message, handled after so much content.
     *
     * @return −1 if it is not what was sent there
     */
    int contentWith(int before, String message) {
        if (framing == Framing.chunks()) {
            return text.startsWith(message, before) ? before + message.length() : -1;
        }
        return before < messages.size() && messages.get(before).equals(message) ? before + 1 : -1;
    }
}
