package org.reactorserver.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.reactorserver.framing.Binary;
import org.reactorserver.framing.Decoder;
import org.reactorserver.framing.Framing;
import org.reactorserver.framing.FramingException;
import org.reactorserver.framing.Residue;
import org.reactorserver.framing.Text;
import org.reactorserver.testkit.net.Dice;
import org.reactorserver.testkit.net.Wire;

/**
 * One client of a {@link SimulatedServer}, and the network between the two. What it is told to do it does later, in
 * this order, when the seed says so and in pieces as the seed cuts them; meanwhile it reads. The script's thread.
 */
public final class SimulatedClient {
    private static final int READ_SIZE = 4096;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final int ARRIVE = 1;
    private static final int DELIVER = 2;
    private static final int ACT = 4;
    private static final int READ = 8;

    interface Course {
        /** The time, in nanoseconds. */
        long now();

        /** Has something happen, before this time; false if nothing will. */
        boolean goOn(long limit);
    }

    private interface Act {
        boolean isDone(long now) throws IOException;
    }

    /** Done as often as it takes until it says that it is. */
    private record Deed(boolean writes, Act act) {}

    private final int number;
    private final Wire wire;
    private final Framing framing;
    private final Text text;
    private final Dice dice;
    private final Course course;
    private final Consumer<String> trace;
    private final ArrayDeque<Deed> deeds = new ArrayDeque<>();
    private final Decoder<byte[]> decoder;
    private final List<byte[]> received = new ArrayList<>();
    private Residue residue;
    private int taken; // of what was received, by receive()
    private long actsFrom; // it stalls until then
    private long readsFrom;
    private long readPause;
    private boolean sawEnd;
    private boolean broken;

    /**
     * Has connected.
     *
     * @param course what happens beside it
     */
    SimulatedClient(
            int number, Wire wire, Framing framing, Charset charset, Dice dice, Course course, Consumer<String> trace) {
        this.number = number;
        this.wire = wire;
        this.framing = framing;
        this.text = new Text(charset, true);
        this.dice = dice;
        this.course = course;
        this.trace = trace;
        this.decoder = new Decoder<>(framing, Decoder.LARGEST_LIMIT, Binary.INSTANCE, READ_SIZE);
    }

    // -- what it does
    // ------------------------------------------------------------------------------

    /**
     * Sends a message.
     *
     * @throws IllegalArgumentException if the text cannot be one message of the framing in force
     */
    public SimulatedClient send(String message) {
        return sendFrame(framing.encode(message, text));
    }

    /**
     * The same with bytes.
     *
     * @throws IllegalArgumentException if they cannot be one message of the framing in force
     */
    public SimulatedClient send(byte[] message) {
        return sendFrame(framing.encode(message, Binary.INSTANCE));
    }

    private SimulatedClient sendFrame(byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + framing.overhead(payload.length));
        framing.put(payload, 0, frame);
        return sendRaw(frame.array());
    }

    /** Sends bytes as they are, without any framing; nothing once it has ended its stream. */
    public SimulatedClient sendRaw(byte[] bytes) {
        ByteBuffer left = ByteBuffer.wrap(bytes.clone());
        return then(true, now -> {
            if (wire.peer.hasEnded()) {
                return true;
            }
            int count = wire.peer.write(left, some(left.remaining()));
            if (count > 0) {
                say("sends %d bytes", count);
            }
            return !left.hasRemaining();
        });
    }

    /** Ends its stream, and goes on reading. */
    public SimulatedClient end() {
        return then(false, now -> {
            say("ends its stream");
            wire.peer.shutdownOutput();
            return true;
        });
    }

    /** Closes the connection; what it has not read by then is lost. */
    public SimulatedClient close() {
        return then(false, now -> {
            say("closes");
            leave(false);
            return true;
        });
    }

    /** Closes the connection by a reset: what is under way is lost. */
    public SimulatedClient reset() {
        return then(false, now -> {
            say("resets");
            leave(true);
            return true;
        });
    }

    /** Does nothing for so long, and does not read either. */
    public SimulatedClient stall(Duration time) {
        return then(false, now -> {
            say("stalls for %s", time);
            actsFrom = now + time.toNanos();
            readsFrom = Math.max(readsFrom, actsFrom);
            return true;
        });
    }

    /** From here on reads no more, and stays. */
    public SimulatedClient stopReading() {
        return then(false, now -> {
            say("reads no more");
            readsFrom = Long.MAX_VALUE;
            return true;
        });
    }

    /** From here on waits for so long after each read; zero to read as fast as it comes. */
    public SimulatedClient readSlowly(Duration pause) {
        return then(false, now -> {
            readPause = pause.toNanos();
            return true;
        });
    }

    /** Behaves as badly as clients do, in a way that the seed decides: breaks off, stalls, or reads late or never. */
    public SimulatedClient misbehave() {
        return switch (dice.below(7)) {
            case 0 -> end();
            case 1 -> close();
            case 2 -> reset();
            case 3 -> stopReading();
            case 4 -> readSlowly(Duration.ofMillis(1 + dice.below(500)));
            case 5 -> stall(Duration.ofSeconds(1 + dice.below(60)));
            default -> this;
        };
    }

    private SimulatedClient then(boolean writes, Act act) {
        deeds.add(new Deed(writes, act));
        return this;
    }

    private void leave(boolean abruptly) {
        deeds.clear();
        broken = true;
        if (abruptly) {
            wire.peer.abort();
        } else {
            wire.peer.close();
        }
    }

    // -- what it saw
    // -------------------------------------------------------------------------------

    /**
     * The next message that it receives, of those that this did not return before; lets the simulation go on until it
     * is there, for a simulated minute at most.
     *
     * @throws AssertionError if none comes
     */
    public String receive() {
        long limit = course.now() + PATIENCE.toNanos();
        while (taken == received.size()) {
            if (!course.goOn(limit)) {
                throw new AssertionError(this + " waits for a message in vain; it has received " + received());
            }
        }
        return decoded(received.get(taken++));
    }

    /** All that it has received so far. */
    public List<String> received() {
        return received.stream().map(this::decoded).toList();
    }

    /** The same as bytes. */
    public List<byte[]> receivedBytes() {
        return Collections.unmodifiableList(received);
    }

    /** Whether it has seen the end of the server's stream, in order. */
    public boolean sawEnd() {
        return sawEnd;
    }

    /** Whether the connection is gone without one, or it has left itself. */
    public boolean isBroken() {
        return broken;
    }

    private String decoded(byte[] message) {
        try {
            return text.decode(message, 0, message.length);
        } catch (FramingException e) {
            throw new AssertionError(e); // it replaces
        }
    }

    /** Such as {@code client 1}. */
    @Override
    public String toString() {
        return "client " + number;
    }

    // -- its part in the simulation
    // ----------------------------------------------------------------

    /** When it, or the network, can do something; {@link Long#MAX_VALUE} for never. */
    long nextAct(long now) {
        if (choices(now) != 0) {
            return now;
        }
        long next = broken || deeds.isEmpty() ? Long.MAX_VALUE : actsFrom;
        boolean hasInput = !broken && !sawEnd && wire.peer.isReadable();
        next = Math.min(next, hasInput ? readsFrom : Long.MAX_VALUE);
        return next <= now ? Long.MAX_VALUE : next; // if it could, it would be a choice
    }

    private int choices(long now) {
        int choices = wire.peer.canTransfer() ? ARRIVE : 0;
        choices |= wire.server.canTransfer() ? DELIVER : 0;
        if (broken) {
            return choices;
        }
        Deed deed = actsFrom <= now ? deeds.peek() : null;
        boolean mayWrite = wire.peer.isReset() || wire.peer.hasEnded() || wire.peer.writable() > 0;
        choices |= deed != null && (mayWrite || !deed.writes()) ? ACT : 0;
        choices |= !sawEnd && readsFrom <= now && wire.peer.isReadable() ? READ : 0;
        return choices;
    }

    /** Does one thing that it, or the network, can do now. */
    void act(long now) {
        int choices = choices(now);
        int choice;
        do {
            choice = 1 << dice.below(4);
        } while ((choices & choice) == 0);
        try {
            switch (choice) {
                case ARRIVE -> wire.peer.transfer(some(Integer.MAX_VALUE));
                case DELIVER -> wire.server.transfer(some(Integer.MAX_VALUE));
                case ACT -> {
                    if (deeds.element().act().isDone(now) && !broken) {
                        deeds.remove();
                    }
                }
                default -> read(now);
            }
        } catch (IOException e) {
            say("finds the connection broken: %s", e.getMessage());
            leave(false);
        }
    }

    private int some(int possible) {
        return possible > 1 && dice.oneIn(3) ? 1 + dice.below(Math.min(possible, 20)) : possible;
    }

    private void read(long now) throws IOException {
        int room = Math.min(decoder.room(residue), Math.max(1, wire.peer.readable()));
        ByteBuffer buffer = ByteBuffer.allocate(some(room));
        int count = wire.peer.read(buffer, buffer.capacity());
        readsFrom = Math.max(readsFrom, now + readPause);
        try {
            decoder.load(residue, buffer.flip());
            if (count < 0) {
                sawEnd = true;
                residue = null;
                keep(decoder.next());
                keep(decoder.last());
                say("sees the end");
                return;
            }
            for (byte[] next = decoder.next(); next != null; next = decoder.next()) {
                keep(next);
            }
            residue = decoder.unload();
        } catch (FramingException e) {
            throw new AssertionError(this + " receives what is no message: " + e.getMessage(), e);
        }
    }

    private void keep(byte[] message) {
        if (message != null) {
            received.add(message);
            say("receives %s", decoded(message));
        }
    }

    private void say(String format, Object... values) {
        trace.accept(this + " " + String.format(Locale.ROOT, format, values));
    }
}
