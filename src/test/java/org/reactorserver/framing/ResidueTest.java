package org.reactorserver.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.reactorserver.framing.Receiver.utf8;
import static org.reactorserver.framing.Receiver.wire;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is held between two reads: what it costs is counted, copied seldom, and kept when memory is short. */
class ResidueTest {
    private static final int READ_SIZE = 1024;
    private static final int MAX = 64 * READ_SIZE;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** An array for a few bytes, and the two objects around them. */
    private static final int HEAP_OF_A_BYTE = 40 + 16 + 64;

    private final Storage storage = new Storage();

    static List<Framing> framings() {
        return List.of(Framing.chunks(), Framing.lines(), Framing.lengthPrefixed());
    }

    static List<Framing> delimited() {
        return List.of(Framing.lines(), Framing.lengthPrefixed());
    }

    private Decoder<String> decoder(Framing framing) {
        return new Decoder<>(framing, MAX, Text.UTF_8, READ_SIZE, storage);
    }

    private static Residue decode(Decoder<String> decoder, Residue residue, ByteBuffer fresh) throws FramingException {
        return decode(decoder, residue, fresh, Integer.MAX_VALUE);
    }

    private static Residue decode(Decoder<String> decoder, Residue residue, ByteBuffer fresh, int most)
            throws FramingException {
        decoder.load(residue, fresh);
        for (int taken = 0; taken < most && decoder.next() != null; taken++) {
            // the next one
        }
        return decoder.unload();
    }

    /** Reads a whole stream, as much as there is room for at a time. */
    private static Residue decodeAll(Decoder<String> decoder, byte[] stream) throws FramingException {
        Residue residue = null;
        for (int at = 0; at < stream.length; ) {
            int count = Math.min(stream.length - at, decoder.room(residue));
            residue = decode(decoder, residue, ByteBuffer.wrap(stream, at, count));
            at += count;
        }
        return residue;
    }

    private static byte[] unfinished(int length) {
        return utf8("x".repeat(length));
    }

    @Test
    void itIsTheStartOfOneMessageOrHoldsWholeOnes() throws Exception {
        Decoder<String> decoder = decoder(Framing.lines());
        Residue start = decode(decoder, null, ByteBuffer.wrap(utf8("a\nb")));
        assertThat(start.isIncomplete()).isTrue();
        Residue whole = decode(decoder, null, ByteBuffer.wrap(utf8("a\nb\nc")), 1);
        assertThat(whole.isIncomplete()).isFalse();
    }

    private Residue residue(int room, int from, int length) {
        Residue residue = new Residue();
        residue.append(storage, ByteBuffer.allocate(room), MAX);
        assertThat(residue.bytes).hasSize(room);
        residue.from = from;
        residue.to = from + length;
        return residue;
    }

    /** Bytes are moved to the front of their array if the rest fits then, and the space before is as large as they are. */
    @Test
    void whatFitsIsMovedAndNotCopiedElsewhere() {
        Residue exact = residue(1_000, 500, 500);
        byte[] array = exact.bytes;
        exact.append(storage, ByteBuffer.allocate(500), MAX);
        assertThat(exact.bytes).isSameAs(array);
        assertThat(exact.length()).isEqualTo(1_000);
        Residue tooMuch = residue(1_000, 500, 500);
        array = tooMuch.bytes;
        tooMuch.append(storage, ByteBuffer.allocate(501), MAX);
        assertThat(tooMuch.bytes).isNotSameAs(array);
        Residue tooCostly = residue(1_000, 499, 501);
        array = tooCostly.bytes;
        tooCostly.append(storage, ByteBuffer.allocate(10), MAX);
        assertThat(tooCostly.bytes).isNotSameAs(array);
    }

    @Test
    void anArrayIsKeptUnlessItIsFarTooLarge() {
        byte[] source = new byte[1_024];
        for (int length : new int[] {1_024, 1_024 / 4}) {
            Residue kept = residue(1_024, 0, 1);
            byte[] array = kept.bytes;
            kept.set(storage, source, 0, length);
            assertThat(kept.bytes).as("for %d bytes", length).isSameAs(array);
        }
        Residue sparse = residue(1_024, 0, 1);
        sparse.set(storage, source, 0, 1_024 / 4 - 1);
        assertThat(sparse.bytes.length).isLessThan(1_024);
        Residue smallest = residue(64, 0, 1);
        byte[] array = smallest.bytes;
        smallest.set(storage, source, 0, 1);
        assertThat(smallest.bytes).as("there is none smaller").isSameAs(array);
    }

    @Test
    void whatIsCopiedIsCounted() {
        Storage copying = new Storage();
        byte[] target = new byte[4];
        copying.copy(utf8("abc"), 1, target, 2, 2);
        assertThat(target).containsExactly(0, 0, 'b', 'c');
        copying.copy(utf8("abc"), 0, target, 0, 3);
        assertThat(copying.copied()).isEqualTo(5);
    }

    // ---- what it costs

    @Test
    void aFewBytesDoNotPinTheArrayOfALargeMessage() throws Exception {
        Decoder<String> decoder = decoder(Framing.lines());
        Residue residue = decodeAll(decoder, unfinished(MAX));
        assertThat(decoder.held()).isGreaterThan(MAX);
        residue = decode(decoder, residue, ByteBuffer.wrap(utf8("\nx")));
        assertThat(residue.length()).isEqualTo(1);
        assertThat(decoder.held()).isEqualTo(HEAP_OF_A_BYTE);
    }

    @Test
    void aFewBytesDoNotPinTheArrayOfManyMessages() throws Exception {
        Decoder<String> decoder = decoder(Framing.lines());
        Residue residue = null;
        while (decoder.room(residue) > 0) {
            residue = decoder.keep(residue, ByteBuffer.wrap(utf8("x\n")));
        }
        while (residue.length() > 2) {
            residue = decode(decoder, residue, NOTHING, 1);
            assertThat(residue.heapBytes()).isLessThanOrEqualTo(HEAP_OF_A_BYTE + 4 * residue.length());
        }
        assertThat(decoder.held()).isEqualTo(HEAP_OF_A_BYTE);
    }

    @Test
    void whatIsCountedIsWhatIsAllocated() throws Exception {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        Decoder<String> decoder = decoder(Framing.lines());
        ByteBuffer fresh = ByteBuffer.wrap(unfinished(500));
        for (int length : new int[] {1, 63, 64, 65, 100, 500}) {
            decoder.drop(decode(decoder, null, fresh.position(0).limit(length))); // classes are loaded by now
            Residue[] residues = new Residue[1_000];
            long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < residues.length; i++) {
                residues[i] = decode(decoder, null, fresh.position(0).limit(length));
            }
            long allocated = threads.getThreadAllocatedBytes(thread) - before;
            assertThat(decoder.held())
                    .as("bytes held for 1,000 residues of %d bytes", length)
                    .isBetween(allocated * 9 / 10, allocated * 11 / 10);
            for (Residue residue : residues) {
                decoder.drop(residue);
            }
        }
    }

    @Test
    void aMessageThatComesInOneReadNeedsNothingButItsText() throws Exception {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        Decoder<String> decoder = decoder(Framing.lines());
        ByteBuffer fresh = ByteBuffer.wrap(utf8("\n")); // a text of 24 bytes
        decode(decoder, null, fresh);
        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < 1_000; i++) {
            assertNull(decode(decoder, null, fresh.rewind()));
        }
        assertThat(threads.getThreadAllocatedBytes(thread) - before).isLessThan(1_000 * 32);
    }

    private static void assertNull(Residue residue) {
        if (residue != null) { // AssertJ allocates
            throw new AssertionError("something is left over");
        }
    }

    /** Several sessions share a decoder; whatever is done to them in whatever order, the sum is right. */
    @ParameterizedTest
    @MethodSource("framings")
    void theSumIsWhatTheResiduesCost(Framing framing) {
        Random random = new Random(20260201);
        for (int round = 0; round < 200; round++) {
            boolean shortOfMemory = random.nextBoolean();
            Storage unreliable = new Storage() {
                @Override
                byte[] newArray(int length) {
                    if (shortOfMemory && random.nextInt(5) == 0) {
                        throw new OutOfMemoryError("planned");
                    }
                    return super.newArray(length);
                }
            };
            Decoder<String> decoder = new Decoder<>(framing, 200, Receiver.REPLACING, 100, unreliable);
            Residue[] sessions = new Residue[5];
            for (int step = 0; step < 100; step++) {
                int i = random.nextInt(sessions.length);
                try {
                    ByteBuffer fresh = randomBytes(random, decoder.room(sessions[i]));
                    switch (random.nextInt(6)) {
                        case 0 -> sessions[i] = decoder.keep(sessions[i], fresh);
                        case 1 -> {
                            decoder.drop(sessions[i]);
                            sessions[i] = null;
                        }
                        default -> {
                            decoder.load(sessions[i], fresh);
                            sessions[i] = null;
                            for (int most = random.nextInt(10); most > 0 && decoder.next() != null; most--) {
                                // the next one
                            }
                            sessions[i] = decoder.unload();
                        }
                    }
                } catch (FramingException e) {
                    assertThat(decoder.unload()).isNull();
                } catch (OutOfMemoryError e) {
                    assertThat(e).hasMessage("planned");
                }
                assertThat(decoder.held()).isEqualTo(sum(sessions));
            }
            for (Residue residue : sessions) {
                decoder.drop(residue);
            }
            assertThat(decoder.held()).isZero();
        }
    }

    private static ByteBuffer randomBytes(Random random, int room) {
        byte[] bytes = new byte[room == 0 ? 0 : random.nextInt(1 + Math.min(room, 1 + random.nextInt(100)))];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (random.nextInt(3) == 0 ? 0 : random.nextInt(3) == 0 ? '\n' : 'x');
        }
        return ByteBuffer.wrap(bytes);
    }

    private static long sum(Residue... residues) {
        long sum = 0;
        for (Residue residue : residues) {
            sum += residue == null ? 0 : residue.heapBytes();
        }
        return sum;
    }

    // ---- what is copied

    @ParameterizedTest
    @MethodSource("delimited")
    void aByteIsNotDearerWhenMuchIsHeld(Framing framing) throws Exception {
        byte[] stream = wire(framing, "x".repeat(MAX));
        Decoder<String> decoder = decoder(framing);
        Residue residue = null;
        for (int i = 0; i < stream.length - 1; i++) {
            residue = decode(decoder, residue, ByteBuffer.wrap(stream, i, 1));
        }
        assertThat(residue.length()).isEqualTo(stream.length - 1);
        assertThat(storage.copied()).as("bytes copied").isLessThan(3L * stream.length);
        assertThat(decode(decoder, residue, ByteBuffer.wrap(stream, stream.length - 1, 1)))
                .isNull();
    }

    /** Puts line feeds where the search has been: who finds one searched again. */
    @Test
    void aLineIsSearchedOnce() throws Exception {
        Decoder<String> decoder = decoder(Framing.lines());
        for (int next : new int[] {1, 99, 100, 101}) {
            Residue residue = decode(decoder, null, ByteBuffer.wrap(utf8("first\n" + "x".repeat(100))));
            for (int read = 0; read < 5; read++) {
                assertThat(residue.searched).isEqualTo(residue.length());
                Arrays.fill(residue.bytes, residue.from, residue.to, (byte) '\n');
                decoder.load(residue, ByteBuffer.wrap(unfinished(next)));
                assertThat(decoder.next()).as("read %d of %d bytes", read, next).isNull();
                residue = decoder.unload();
            }
        }
    }

    /** What waits for room in the lane is neither copied nor read again for each message that is taken. */
    @ParameterizedTest
    @MethodSource("delimited")
    void aMessageIsNotDearerWhenManyWait(Framing framing) throws Exception {
        Decoder<String> decoder = decoder(framing);
        byte[] message = wire(framing, "x");
        Residue residue = null;
        for (int kept = 0; kept + message.length <= MAX; kept += message.length) {
            residue = decoder.keep(residue, ByteBuffer.wrap(message));
        }
        long before = storage.copied();
        while (residue != null) {
            residue = decode(decoder, residue, NOTHING, 1);
        }
        assertThat(storage.copied() - before).as("bytes copied").isLessThan(MAX);
    }

    /** As much is taken as is read, while the residue is nearly as large as it may be. */
    @ParameterizedTest
    @MethodSource("delimited")
    void aMessageIsNotDearerWhenAsMuchIsReadAsTaken(Framing framing) throws Exception {
        Decoder<String> decoder = decoder(framing);
        byte[] message = wire(framing, "x");
        Residue residue = null;
        for (int kept = 0; kept + message.length <= MAX; kept += message.length) {
            residue = decoder.keep(residue, ByteBuffer.wrap(message));
        }
        long before = storage.copied();
        int turns = 2 * MAX;
        for (int i = 0; i < turns; i++) {
            residue = decode(decoder, residue, ByteBuffer.wrap(message), 1);
        }
        assertThat(storage.copied() - before).as("bytes copied").isLessThan(3L * turns * message.length);
    }

    /** Reads, takes and keeps at random: no order of these makes a byte dear. */
    @ParameterizedTest
    @MethodSource("framings")
    void noOrderOfCallsMakesAByteDear(Framing framing) throws Exception {
        Random random = new Random(20260202);
        for (int round = 0; round < 100; round++) {
            Decoder<String> decoder = decoder(framing);
            byte[] message = wire(framing, "x".repeat(random.nextInt(random.nextBoolean() ? 10 : 5_000)));
            int largestRead = 1 + random.nextInt(READ_SIZE);
            int largestBatch = 1 + random.nextInt(50);
            Residue residue = null;
            long read = 0;
            long before = storage.copied();
            for (int at = 0, step = 0; step < 2_000; step++) {
                int count = Math.min(decoder.room(residue), 1 + random.nextInt(largestRead));
                byte[] fresh = new byte[Math.min(count, message.length - at)];
                System.arraycopy(message, at, fresh, 0, fresh.length);
                at = message.length == 0 ? 0 : (at + fresh.length) % message.length;
                read += fresh.length;
                residue = random.nextInt(10) == 0
                        ? decoder.keep(residue, ByteBuffer.wrap(fresh))
                        : decode(decoder, residue, ByteBuffer.wrap(fresh), random.nextInt(largestBatch));
            }
            assertThat(storage.copied() - before)
                    .as("bytes copied of %d read, round %d", read, round)
                    .isLessThanOrEqualTo(4 * read);
        }
    }

    /** A message that is cut by two reads is put together where whole ones are decoded. */
    @Test
    void aCutMessageCostsNoArrayOfTheSizeOfARead() throws Exception {
        List<Integer> arrays = new ArrayList<>();
        Storage watched = new Storage() {
            @Override
            byte[] newArray(int length) {
                arrays.add(length);
                return super.newArray(length);
            }
        };
        Decoder<String> decoder = new Decoder<>(Framing.lines(), MAX, Text.UTF_8, READ_SIZE, watched);
        byte[] lines = utf8("a line of 24 characters\n".repeat(READ_SIZE));
        assertThat(decodeAll(decoder, lines)).isNull();
        assertThat(arrays).isNotEmpty().allMatch(length -> length == 64);
        assertThat(arrays.size()).isLessThanOrEqualTo(lines.length / READ_SIZE);
    }

    // ---- where it ends

    @Test
    void anUnfinishedMessageNeverNeedsMoreThanTheLargestOne() throws Exception {
        for (Framing framing : delimited()) {
            Decoder<String> decoder = decoder(framing);
            byte[] stream = wire(framing, "x".repeat(MAX));
            Residue residue = null;
            for (int at = 0; at < stream.length - 1; at += 1) {
                residue = decode(decoder, residue, ByteBuffer.wrap(stream, at, 1));
                assertThat(residue.bytes.length).isLessThanOrEqualTo((int) framing.maxFrame(MAX));
            }
        }
    }

    /** No memory of that size is at hand; what would be asked for is. */
    @Test
    void theLargestLimitOverflowsNothing() throws Exception {
        List<Integer> asked = new ArrayList<>();
        Storage small = new Storage() {
            @Override
            byte[] newArray(int length) {
                asked.add(length);
                if (length > READ_SIZE) {
                    throw new OutOfMemoryError("planned");
                }
                return super.newArray(length);
            }
        };
        for (Framing framing : framings()) {
            Decoder<String> decoder = new Decoder<>(framing, Decoder.LARGEST_LIMIT, Text.UTF_8, READ_SIZE, small);
            Residue huge = new Residue();
            huge.to = Decoder.LARGEST_LIMIT - 10; // as if so many bytes were there
            assertThat(decoder.room(huge)).isBetween(10, 14);
            asked.clear();
            assertThatThrownBy(
                            () -> huge.append(small, ByteBuffer.allocate(5), framing.maxFrame(Decoder.LARGEST_LIMIT)))
                    .isInstanceOf(OutOfMemoryError.class);
            assertThat(asked)
                    .singleElement()
                    .satisfies(size -> assertThat(size)
                            .isBetween(Decoder.LARGEST_LIMIT - 5, (int) framing.maxFrame(Decoder.LARGEST_LIMIT)));
        }
        assertThatThrownBy(() -> new Decoder<>(Framing.lines(), Decoder.LARGEST_LIMIT + 1, Text.UTF_8, 64))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most " + Decoder.LARGEST_LIMIT);
    }

    @Test
    void whatDoesNotFitIntoTheHeapIsStillTheSessions() throws Exception {
        boolean[] full = new boolean[1];
        Decoder<String> decoder = new Decoder<>(Framing.lines(), MAX, Text.UTF_8, READ_SIZE, new Storage() {
            @Override
            byte[] newArray(int length) {
                if (full[0]) {
                    throw new OutOfMemoryError("planned");
                }
                return super.newArray(length);
            }
        });
        Residue residue = decodeAll(decoder, unfinished(READ_SIZE));
        long held = decoder.held();
        full[0] = true;
        ByteBuffer fresh = ByteBuffer.wrap(utf8("y"));
        assertThat(catchThrowable(() -> decoder.load(residue, fresh))).hasMessage("planned");
        assertThat(decoder.held()).isEqualTo(held);
        assertThat(decoder.next()).as("a message of nobody").isNull();
        assertThat(decoder.unload()).isNull();
        assertThat(catchThrowable(() -> decoder.keep(residue, fresh))).hasMessage("planned");
        assertThat(decoder.held()).isEqualTo(held);
        assertThat(residue.length()).isEqualTo(READ_SIZE);
        full[0] = false;
        decoder.load(residue, ByteBuffer.wrap(utf8("y\n")));
        assertThat(decoder.next()).isEqualTo("x".repeat(READ_SIZE) + "y");
    }

    @Test
    void whatWasRefusedIsNotHeldUntilTheNextSessionComes() throws Exception {
        Decoder<String> decoder = new Decoder<>(Framing.lines(), 100, Text.UTF_8, READ_SIZE);
        assertThatThrownBy(() -> decode(decoder, null, ByteBuffer.wrap(unfinished(101))))
                .isInstanceOf(FramingException.class);
        assertThat(decoder.unload()).isNull();
        assertThat(decoder.next()).isNull();
        assertThat(decoder.held()).isZero();
    }
}
