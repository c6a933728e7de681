package org.reactorserver.load.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Bytes with gaps in which values are put, each time anew. Immutable; any thread. */
final class Text {
    /** What stands in a gap. */
    interface Gap {
        byte[] value(Values values);
    }

    /** A gap in an expected reply, where anything may stand. */
    static final Gap ANYTHING = values -> new byte[0];

    private final List<byte[]> literals; // one more than there are gaps
    private final List<Gap> gaps;
    private final byte[] constant; // null if there is a gap

    Text(List<byte[]> literals, List<Gap> gaps) {
        this.literals = List.copyOf(literals);
        this.gaps = List.copyOf(gaps);
        this.constant = gaps.isEmpty() ? literals.get(0) : null;
    }

    static byte[] digits(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether it leaves a part open. */
    boolean ignoresSomething() {
        return gaps.contains(ANYTHING);
    }

    boolean isEmpty() {
        return constant != null && constant.length == 0;
    }

    /** The bytes; not to be changed. */
    byte[] render(Values values) {
        if (constant != null) {
            return constant;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < gaps.size(); i++) {
            out.writeBytes(literals.get(i));
            out.writeBytes(gaps.get(i).value(values));
        }
        out.writeBytes(literals.get(gaps.size()));
        return out.toByteArray();
    }

    /** The bytes between the parts that are left open; at least one piece. */
    byte[][] pieces(Values values) {
        if (!ignoresSomething()) {
            return new byte[][] {render(values)};
        }
        List<byte[]> pieces = new ArrayList<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < gaps.size(); i++) {
            out.writeBytes(literals.get(i));
            if (gaps.get(i) == ANYTHING) {
                pieces.add(out.toByteArray());
                out.reset();
            } else {
                out.writeBytes(gaps.get(i).value(values));
            }
        }
        out.writeBytes(literals.get(gaps.size()));
        pieces.add(out.toByteArray());
        return pieces.toArray(new byte[0][]);
    }
}
