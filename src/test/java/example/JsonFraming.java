package example;

import org.reactorserver.framing.Framing;
import org.reactorserver.framing.FramingException;

/** JSON objects one after the other, with nothing between them; none of their bytes is looked at twice. */
public final class JsonFraming extends Framing {
    private static final int IN_STRING = 1 << 30;
    private static final int ESCAPED = 1 << 29;

    public JsonFraming() {
        super("json");
    }

    /** The state is how deep in braces the search is, and whether it is in a string. */
    @Override
    protected void next(Input input) throws FramingException {
        int state = input.state();
        for (int i = input.searched(); i < input.length(); i++) {
            byte next = input.get(i);
            if (state == 0 && next != '{') {
                throw new FramingException("a JSON object begins with a brace");
            }
            state = after(state, next);
            if (state == 0) {
                input.message(0, i + 1, i + 1);
                return;
            }
        }
        input.searched(input.length());
        input.state(state);
    }

    private static int after(int state, byte next) {
        if ((state & ESCAPED) != 0) {
            return state & ~ESCAPED;
        }
        if ((state & IN_STRING) != 0) {
            return next == '\\' ? state | ESCAPED : next == '"' ? state & ~IN_STRING : state;
        }
        return next == '"' ? state | IN_STRING : next == '{' ? state + 1 : next == '}' ? state - 1 : state;
    }

    @Override
    protected void refuseUnframeable(byte[] payload) {
        int state = 0;
        for (int i = 0; i < payload.length; i++) {
            if (state == 0 && (i > 0 || payload[i] != '{')) {
                throw new IllegalArgumentException("not one JSON object");
            }
            state = after(state, payload[i]);
        }
        if (state != 0 || payload.length == 0) {
            throw new IllegalArgumentException("not a whole JSON object");
        }
    }
}
