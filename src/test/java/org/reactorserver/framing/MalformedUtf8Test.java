package org.reactorserver.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.reactorserver.framing.Receiver.concat;
import static org.reactorserver.framing.Receiver.utf8;
import static org.reactorserver.framing.Receiver.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What RFC 3629 forbids is refused, or replaced where that was asked for, wherever it is split. */
class MalformedUtf8Test {
    private static final String BEFORE = "before 收";
    private static final String AFTER = "after 收";

    private static final List<String> FORMS = List.of(
            "80", // a continuation byte alone
            "C080", // NUL, overlong
            "C1BF", // DEL, overlong
            "C328", // a lead byte of two without its continuation
            "E080AF", // a slash in three bytes
            "E09FBF", // U+07FF in three bytes
            "E69428", // a lead byte of three with one continuation
            "EDA080", // the first surrogate
            "EDBFBF", // the last surrogate
            "EDA0BDEDB880", // a pair of surrogates, as CESU-8 has it
            "F08080AF", // a slash in four bytes
            "F09F9828", // a lead byte of four with two continuations
            "F4908080", // one above U+10FFFF
            "F5808080", // no lead byte
            "FE",
            "FF");

    /** Well-formed as far as they go. */
    private static final List<String> CUT =
            List.of("C3", "E6", "E694", "F0", "F09F", "F09F98", "ED", "ED9F", "F4", "F48F");

    static List<Framing> framings() {
        return List.of(Framing.chunks(), Framing.lines(), Framing.lengthPrefixed());
    }

    static Stream<Arguments> formsInFramings() {
        return inFramings(FORMS, framings());
    }

    static Stream<Arguments> cutFormsInDelimitedFramings() {
        return inFramings(CUT, List.of(Framing.lines(), Framing.lengthPrefixed()));
    }

    private static Stream<Arguments> inFramings(List<String> forms, List<Framing> framings) {
        return forms.stream().flatMap(form -> framings.stream().map(framing -> Arguments.of(form, framing)));
    }

    private static byte[] bytes(String form) {
        return HexFormat.of().parseHex(form);
    }

    @ParameterizedTest
    @MethodSource({"formsInFramings", "cutFormsInDelimitedFramings"})
    void isRefusedWhereverItIsSplit(String form, Framing framing) {
        byte[] start = wire(framing, BEFORE);
        byte[] stream = concat(start, wire(framing, concat(utf8("x"), bytes(form), utf8("y"))));
        for (int i = start.length; i <= stream.length; i++) {
            for (int j = i; j <= stream.length; j++) {
                assertRefused(new Receiver(framing), stream, start.length, i, j);
            }
        }
    }

    private static void assertRefused(Receiver receiver, byte[] stream, int start, int firstSplit, int secondSplit) {
        List<String> messages = new ArrayList<>();
        FramingException refusal = catchThrowableOfType(FramingException.class, () -> {
            messages.addAll(receiver.read(Arrays.copyOfRange(stream, 0, start)));
            messages.addAll(receiver.read(Arrays.copyOfRange(stream, start, firstSplit)));
            messages.addAll(receiver.read(Arrays.copyOfRange(stream, firstSplit, secondSplit)));
            messages.addAll(receiver.read(Arrays.copyOfRange(stream, secondSplit, stream.length)));
        });
        assertThat(refusal).as("split at %d and %d", firstSplit, secondSplit).isNotNull();
        assertThat(refusal.kind()).isEqualTo(FramingException.Kind.INVALID_UTF8);
        assertThat(messages).isNotEmpty().startsWith(BEFORE).doesNotContain("\uFFFD");
        assertThat(String.join("", messages)).isIn(BEFORE, BEFORE + "x"); // a chunk may end there
    }

    @ParameterizedTest
    @MethodSource({"formsInFramings", "cutFormsInDelimitedFramings"})
    void isReplacedIfAskedForAndHarmsNoOtherMessage(String form, Framing framing) throws Exception {
        byte[] payload = concat(utf8("x"), bytes(form), utf8("y"));
        String replaced = new String(payload, StandardCharsets.UTF_8);
        assertThat(replaced).startsWith("x\uFFFD").endsWith("y");
        byte[] stream = concat(wire(framing, BEFORE), wire(framing, payload), wire(framing, AFTER));
        for (int split = 0; split <= stream.length; split++) {
            Receiver receiver = Receiver.replacing(framing);
            List<String> messages = new ArrayList<>();
            messages.addAll(receiver.read(Arrays.copyOfRange(stream, 0, split)));
            messages.addAll(receiver.read(Arrays.copyOfRange(stream, split, stream.length)));
            if (framing == Framing.chunks()) { // how many replacements there are depends on the split
                assertThat(String.join("", messages))
                        .startsWith(BEFORE + "x\uFFFD")
                        .endsWith(AFTER);
            } else {
                assertThat(messages).containsExactly(BEFORE, replaced, AFTER);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cutFormsInDelimitedFramings")
    void aSequenceThatTheEndOfItsMessageCutsOffIsRefused(String form, Framing framing) {
        FramingException refusal = catchThrowableOfType(
                FramingException.class,
                () -> new Receiver(framing).read(wire(framing, concat(utf8("x"), bytes(form)))));
        assertThat(refusal).isNotNull();
        assertThat(refusal.kind()).isEqualTo(FramingException.Kind.INVALID_UTF8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"80", "C0", "C1", "F5", "FF", "C328", "E080", "E09F", "EDA0", "F080", "F490"})
    void aChunkWhoseEndNothingCouldMakeValidIsRefusedAtOnce(String end) {
        Receiver receiver = new Receiver(Framing.chunks());
        assertThat(catchThrowableOfType(FramingException.class, () -> receiver.read(concat(utf8("x"), bytes(end)))))
                .as("instead of waiting for the rest")
                .isNotNull();
    }

    @ParameterizedTest
    @MethodSource("framings")
    void aSequenceThatTheEndOfTheInputCutsOffIsNoMessage(Framing framing) throws Exception {
        for (String form : CUT) {
            byte[] start = wire(framing, BEFORE);
            byte[] stream = concat(start, wire(framing, bytes(form)));
            byte[] cut = Arrays.copyOf(stream, stream.length - (framing == Framing.lines() ? 1 : 0));
            if (framing == Framing.lengthPrefixed()) {
                cut[start.length + 3]++; // one more byte is announced than is there
            }
            for (Receiver receiver : List.of(new Receiver(framing), Receiver.replacing(framing))) {
                assertThat(receiver.read(cut)).as(form).containsExactly(BEFORE);
                assertThat(receiver.isInsideMessage()).as(form).isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("framings")
    void theReplacementCharacterItselfIsWellFormed(Framing framing) throws Exception {
        assertThat(new Receiver(framing).read(wire(framing, "meant: \uFFFD"))).containsExactly("meant: \uFFFD");
    }
}
