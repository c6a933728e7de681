package org.reactorserver.load.protocol;

import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.reactorserver.framing.Framing;
import org.reactorserver.load.text.Escapes;

/**
 * How it is known where a reply ends. Immutable; any thread.
 *
 * <p>{@code line}, {@code lines:N}, {@code bytes:N}, {@code until:TEXT} (escapes as in {@link Escapes}),
 * {@code last-line:REGEX} (lines up to one that matches), {@code length:BYTES[le][+N|-N]} (a number of so many bytes,
 * and as many behind it as it says), {@code http}, {@code resp}, and {@code none}: there is no reply.
 */
public final class ReplyEnd {
    /** A message has no reply. */
    public static final ReplyEnd NONE = new ReplyEnd("none", null);

    private static final byte[] LINE_FEED = {'\n'};
    private static final Pattern LENGTH = Pattern.compile("([1-8])(le|be)?([+-]\\d{1,9})?");
    private static final String KNOWN =
            "line, lines:N, bytes:N, until:TEXT, last-line:REGEX, length:BYTES, http," + " resp or none";

    private static final ReplyEnd LINE = parse("line");
    private static final ReplyEnd BEHIND_ITS_LENGTH = parse("length:4");

    private final String text;
    private final Supplier<Extent> extents; // null: none

    private ReplyEnd(String text, Supplier<Extent> extents) {
        this.text = text;
        this.extents = extents;
    }

    /** What a framing says about it; null if it does not. */
    public static ReplyEnd of(Framing framing) {
        if (framing == Framing.chunks()) {
            return null;
        }
        return framing == Framing.lines() ? LINE : BEHIND_ITS_LENGTH;
    }

    /**
     * Reads it as it is written.
     *
     * @throws IllegalArgumentException if it is none; says what was given and what there is
     */
    public static ReplyEnd parse(String text) {
        String kind = text.replaceFirst("(?s):.*", "");
        String value = text.length() > kind.length() ? text.substring(kind.length() + 1) : "";
        try {
            return switch (kind) {
                case "line" -> new ReplyEnd(text, () -> Extent.until(LINE_FEED, 1));
                case "lines" -> lines(text, number(value, 1_000_000));
                case "bytes" -> bytes(text, number(value, Extent.LONGEST));
                case "until" -> until(text, nonEmpty(Escapes.bytes(value)));
                case "last-line" -> lastLine(text, Pattern.compile(value));
                case "length" -> length(text, value);
                case "http" -> new ReplyEnd(text, Extent::http);
                case "resp" -> new ReplyEnd(text, Extent::resp);
                case "none" -> NONE;
                default -> throw new IllegalArgumentException("there is no such kind");
            };
        } catch (PatternSyntaxException e) {
            throw refused(text, "'" + value + "' is no regular expression: " + e.getDescription());
        } catch (IllegalArgumentException e) {
            throw refused(text, e.getMessage());
        }
    }

    private static IllegalArgumentException refused(String text, String why) {
        return new IllegalArgumentException(
                "'" + text + "' does not say where a reply ends (" + why + "): expected " + KNOWN);
    }

    private static long number(String value, long most) {
        if (!value.matches("\\d{1,10}") || Long.parseLong(value) < 1 || Long.parseLong(value) > most) {
            throw new IllegalArgumentException("a number from 1 to " + most + " belongs behind the colon");
        }
        return Long.parseLong(value);
    }

    private static byte[] nonEmpty(byte[] bytes) {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("a text belongs behind the colon");
        }
        return bytes;
    }

    private static ReplyEnd lines(String text, long count) {
        return new ReplyEnd(text, () -> Extent.until(LINE_FEED, (int) count));
    }

    private static ReplyEnd bytes(String text, long count) {
        return new ReplyEnd(text, () -> Extent.bytes(count));
    }

    private static ReplyEnd until(String text, byte[] terminator) {
        return new ReplyEnd(text, () -> Extent.until(terminator, 1));
    }

    private static ReplyEnd lastLine(String text, Pattern pattern) {
        return new ReplyEnd(text, () -> Extent.linesUntil(pattern));
    }

    private static ReplyEnd length(String text, String value) {
        Matcher field = LENGTH.matcher(value);
        if (!field.matches()) {
            throw new IllegalArgumentException(
                    "behind the colon belongs the width in bytes, as in length:4," + " length:2le or length:4-4");
        }
        int width = Integer.parseInt(field.group(1));
        boolean littleEndian = "le".equals(field.group(2));
        int plus = field.group(3) == null ? 0 : Integer.parseInt(field.group(3));
        return new ReplyEnd(text, () -> Extent.lengthField(width, littleEndian, plus));
    }

    /** Whether there is no reply at all. */
    public boolean isNone() {
        return extents == null;
    }

    /** Finds the ends, on one connection. */
    public Extent extent() {
        return extents.get();
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
