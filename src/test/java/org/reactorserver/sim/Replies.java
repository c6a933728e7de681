package org.reactorserver.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.reactorserver.framing.Framing;

/**
 * What the server took to send to one peer, and what the peer received: that must be the same, in the
 * same order. A reply of the application is {@code <…>}; between these the server itself may say what
 * is wrong.
 */
final class Replies {
    private static final String ERROR = "error: ";

    final List<String> queued = new ArrayList<>();
    final List<String> errors = new ArrayList<>();
    int received; // of those queued

    private final Framing framing;
    private final ByteArrayOutputStream current = new ByteArrayOutputStream();
    private int headerLeft;
    private int length;

    Replies(Framing framing) {
        this.framing = framing;
        expectMessage();
    }

    private void expectMessage() {
        current.reset();
        headerLeft = switch (framing.toString()) {
            case "length" -> 4;
            case "length:3le,signed,inclusive" -> 3;
            case "octets" -> 1;
            default -> 0;
        };
        length = 0;
    }

    void onByte(byte next) {
        if (headerLeft > 0) {
            onHeader(next);
        } else if (isTail(next)) {
            onMessage();
        } else if (framing == Framing.chunks() && next == '<' && current.size() > 0) {
            onMessage();
            current.write(next);
        } else {
            current.write(next);
            if (framing == Framing.chunks() ? next == '>' : current.size() == length) {
                onMessage();
            }
        }
    }

    private void onHeader(byte next) {
        switch (framing.toString()) {
            case "length" -> {
                headerLeft--;
                length = length << 8 | next & 0xFF;
            }
            case "octets" -> {
                headerLeft = next == ' ' ? 0 : 1;
                length = next == ' ' ? length : length * 10 + next - '0';
            }
            default -> {
                length += (next & 0xFF) << 8 * (3 - headerLeft);
                headerLeft--;
                length -= headerLeft == 0 ? 3 : 0;
            }
        }
    }

    private boolean isTail(byte next) {
        return switch (framing.toString()) {
            case "line" -> next == '\n';
            case "line:crlf" -> next == '\n' && current.toString(UTF_8).endsWith("\r");
            case "nul" -> next == 0;
            default -> false;
        };
    }

    private String received() {
        String text = current.toString(UTF_8);
        return framing.toString().equals("line:crlf") && text.endsWith("\r")
                ? text.substring(0, text.length() - 1)
                : text;
    }

    private void onMessage() {
        String message = received();
        expectMessage();
        if (message.startsWith(ERROR)) {
            errors.add(message.substring(ERROR.length()));
        } else if (received < queued.size() && queued.get(received).equals(message)) {
            received++;
        } else {
            throw new AssertionError("received as reply %d: %s".formatted(received, brief(message)));
        }
    }

    /** The stream has ended; what is not a whole message must at least be the start of one. */
    void onEnd() {
        String partial = received().replaceAll("\uFFFD+$", "");
        String next = received < queued.size() ? queued.get(received) : "";
        if (framing == Framing.chunks() && partial.startsWith(ERROR)) {
            onMessage();
        } else if (!next.startsWith(partial) && !ERROR.startsWith(partial) && !partial.startsWith(ERROR)) {
            throw new AssertionError("received at the end: " + brief(partial));
        }
    }

    private static String brief(String text) {
        return text.length() < 60 ? text : text.substring(0, 60) + "…";
    }
}
