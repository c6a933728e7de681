package org.reactorserver.framing;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A message is a text in some charset; UTF-8 is the fast one. */
public final class Text implements Codec<String> {
    /** Strict UTF-8. */
    public static final Text UTF_8 = new Text(StandardCharsets.UTF_8, false);

    private static final char REPLACEMENT = '\uFFFD';
    private static final int SMALL = 256;

    private final Charset charset;
    private final boolean replaces;
    private final boolean isUtf8;

    /**
     * Texts of a charset.
     *
     * @param replaces whether what is malformed becomes U+FFFD instead of being refused
     * @throws IllegalArgumentException if the charset cannot encode
     */
    public Text(Charset charset, boolean replaces) {
        if (!charset.canEncode()) {
            throw new IllegalArgumentException("the charset " + charset + " cannot encode");
        }
        this.charset = charset;
        this.replaces = replaces;
        this.isUtf8 = charset.equals(StandardCharsets.UTF_8);
    }

    /** The charset that texts are in. */
    public Charset charset() {
        return charset;
    }

    /** Refuses a text that would come back as another: with half of a surrogate pair, or what the charset has not. */
    @Override
    public byte[] encode(String text) {
        Objects.requireNonNull(text, "text must not be null");
        if (isUtf8) {
            return Utf8.encode(text);
        }
        byte[] bytes = text.getBytes(charset);
        int at = firstDifference(text, new String(bytes, charset));
        if (at < 0 && (at = text.indexOf(REPLACEMENT)) >= 0 && isWellFormed(ByteBuffer.wrap(bytes))) {
            at = -1; // the charset has U+FFFD itself
        }
        if (at >= 0) {
            throw new IllegalArgumentException(
                    "a message in %s has only characters of it; this text has U+%04X at index %d"
                            .formatted(charset, text.codePointAt(at), at));
        }
        return bytes;
    }

    /** An index of the text, or -1. */
    private static int firstDifference(String text, String seen) {
        if (text.equals(seen)) {
            return -1;
        }
        int at = 0;
        while (at < text.length() - 1 && at < seen.length() && text.charAt(at) == seen.charAt(at)) {
            at++;
        }
        return at;
    }

    /** The JDK's decoders put U+FFFD for what is malformed, so only a text that has it is looked at closely. */
    @Override
    public String decode(byte[] bytes, int from, int to) throws FramingException {
        if (isUtf8) {
            return replaces ? Utf8.decodeLeniently(bytes, from, to) : Utf8.decodeStrictly(bytes, from, to);
        }
        String text = new String(bytes, from, to - from, charset);
        if (!replaces && text.indexOf(REPLACEMENT) >= 0 && !isWellFormed(ByteBuffer.wrap(bytes, from, to - from))) {
            throw new FramingException(FramingException.Kind.INVALID_UTF8, "the message is not valid " + charset);
        }
        return text;
    }

    private boolean isWellFormed(ByteBuffer bytes) {
        try {
            charset.newDecoder().decode(bytes); // it reports
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    @Override
    public int incompleteTail(byte[] bytes, int from, int to) {
        if (isUtf8) {
            return Utf8.incompleteTail(bytes, from, to, replaces);
        }
        CodingErrorAction action = replaces ? CodingErrorAction.REPLACE : CodingErrorAction.REPORT;
        CharsetDecoder decoder = charset.newDecoder().onMalformedInput(action).onUnmappableCharacter(action);
        ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from);
        CharBuffer out = CharBuffer.allocate(SMALL);
        CoderResult result;
        do {
            result = decoder.decode(in, out.clear(), false);
        } while (result.isOverflow());
        return result.isError() ? 0 : in.remaining();
    }
}
