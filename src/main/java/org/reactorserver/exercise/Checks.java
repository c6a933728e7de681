package org.reactorserver.exercise;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.reactorserver.demo.Background;
import org.reactorserver.demo.Guest;

/** The clients that expose the faults. Each throws a {@link Fault} with the words for what it saw. */
final class Checks {
    private static final int PAUSE_MILLIS = 50; // enough for a server to read what was sent, mostly
    private static final int ROUNDS = 5; // since it is only mostly
    private static final int SLOW_ROUNDS = 1; // after the first, for a machine that stood still meanwhile
    private static final int ANSWER = 16 << 20;
    private static final int FLOOD = 256 << 20;
    private static final int FLOOD_SECONDS = 30;
    private static final Duration SPINNING = Duration.ofMillis(100);
    private static final int IDLE_TICKS = 15;
    private static final int TICK_MILLIS = 100;
    private static final int KIB = 1024;

    private Checks() {}

    /**
     * Has a client do what exposes the fault of the exercise.
     *
     * @throws Fault that or another one
     */
    static void run(int exercise, Trial trial) throws IOException, Fault, InterruptedException {
        try {
            switch (exercise) {
                case 1 -> nullAfterAccept(trial);
                case 2 -> interestInWriting(trial);
                case 3 -> keyStaysSelected(trial);
                case 4 -> partOfAWrite(trial);
                case 5 -> slowHandler(trial);
                case 6 -> tornCharacter(trial);
                case 7 -> lostWakeUp(trial);
                case 8 -> halfClose(trial);
                case 9 -> noLimit(trial);
                case 10 -> sharedBuffer(trial);
                default -> throw new IllegalArgumentException("no exercise " + exercise);
            }
            trial.requireRunning();
        } catch (SocketTimeoutException e) {
            throw new Fault("fault.silent", Trial.PATIENCE_MILLIS / 1_000);
        } catch (IOException e) {
            Trial.End end = trial.awaitEnd();
            throw end == null ? broken(e) : end.fault("fault.died");
        }
    }

    private static Fault broken(IOException failure) {
        if (failure instanceof EOFException) {
            return new Fault("fault.ended");
        }
        String message = String.valueOf(failure.getMessage());
        return message.contains("reset") ? new Fault("fault.reset") : new Fault("fault.connection", message);
    }

    /** What clients see of a server that exits may look like the exercise's own fault: it is given time to end. */
    private static void requireNoExit(Trial trial) throws IOException, InterruptedException {
        trial.awaitEnd();
        trial.requireRunning();
    }

    /** Sends it and expects it back. */
    private static void echo(Guest guest, String text) throws IOException, Fault {
        guest.send(text);
        expect(guest, text);
    }

    private static void expect(Guest guest, String text) throws IOException, Fault {
        String reply = guest.characters(text.length());
        if (!reply.equals(text)) {
            throw new Fault("fault.reply", text.strip(), reply.strip());
        }
    }

    private static void nullAfterAccept(Trial trial) throws IOException, Fault, InterruptedException {
        try {
            for (int i = 0; i < ROUNDS; i++) {
                try (Guest guest = trial.client()) {
                    echo(guest, "hello");
                }
            }
        } catch (IOException e) {
            Trial.End end = trial.awaitEnd();
            if (end != null && end.said().contains("NullPointerException")) {
                throw new Fault("fault.1", end.said());
            }
            throw e;
        }
    }

    private static void interestInWriting(Trial trial) throws IOException, Fault, InterruptedException {
        try (Guest guest = trial.client()) {
            echo(guest, "hello");
            Duration before = trial.processorTime();
            for (int tick = 1; tick <= IDLE_TICKS; tick++) {
                TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
                Duration used = trial.processorTime().minus(before);
                if (used.compareTo(SPINNING) > 0) {
                    throw new Fault("fault.2", used.toMillis(), tick * TICK_MILLIS);
                }
            }
            echo(guest, "again");
        }
    }

    private static void keyStaysSelected(Trial trial) throws IOException, Fault {
        try (Guest guest = trial.client()) {
            echo(guest, "one");
            try {
                echo(guest, "two");
            } catch (SocketTimeoutException e) {
                throw new Fault("fault.3", Trial.PATIENCE_MILLIS / 1_000);
            }
        }
    }

    private static void partOfAWrite(Trial trial) throws IOException, Fault, InterruptedException {
        try (Guest guest = trial.client()) {
            guest.send("get");
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS); // a client that is slow to read
            long got = guest.awaitEnd();
            if (got != ANSWER) {
                requireNoExit(trial);
                throw new Fault("fault.4", got / KIB, ANSWER / KIB);
            }
        }
    }

    private static void slowHandler(Trial trial) throws IOException, Fault, InterruptedException {
        for (int i = 0; answersInTurn(trial); i++) {
            if (i == SLOW_ROUNDS) {
                throw new Fault("fault.5");
            }
        }
    }

    /**
     * Whether the fast answer came after the slow one. What was sent first has been received first, however busy this
     * machine is; a right server can only look wrong if the fast answer took as long as the slow one.
     */
    private static boolean answersInTurn(Trial trial) throws IOException, Fault, InterruptedException {
        try (Guest slow = trial.client();
                Guest fast = trial.client()) {
            slow.send("slow");
            expect(slow, "asked\n"); // from here on it is at work
            fast.send("fast");
            expect(fast, "asked\n");
            expect(fast, "fast answered\n");
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS); // for a kernel that delivers the two answers the other way round
            boolean isInTurn = slow.hasInput();
            expect(slow, "slow answered\n");
            return isInTurn;
        }
    }

    private static void tornCharacter(Trial trial) throws IOException, Fault, InterruptedException {
        try (Guest guest = trial.client()) {
            guest.send("abc");
            expect(guest, "ABC");
            for (int i = 0; i < ROUNDS; i++) {
                for (byte each : "收".getBytes(StandardCharsets.UTF_8)) {
                    guest.send(each);
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                }
                String reply = guest.characters(1);
                if (reply.equals("\uFFFD")) {
                    throw new Fault("fault.6");
                }
                if (!reply.equals("收")) {
                    throw new Fault("fault.reply", "收", reply);
                }
            }
        }
    }

    private static void lostWakeUp(Trial trial) throws IOException, Fault {
        try (Guest guest = trial.client()) {
            try {
                echo(guest, "hello");
            } catch (SocketTimeoutException e) {
                guest.send("again");
                expect(guest, "hello"); // it was ready, and was not sent
                throw new Fault("fault.7", Trial.PATIENCE_MILLIS / 1_000);
            }
        }
    }

    private static void halfClose(Trial trial) throws IOException, Fault, InterruptedException {
        try (Guest guest = trial.client()) {
            guest.send("hello");
            guest.endOutput();
            try {
                expect(guest, "hello");
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                requireNoExit(trial);
                throw new Fault("fault.8");
            }
            try {
                guest.awaitEnd();
            } catch (SocketTimeoutException e) {
                throw new Fault("fault.8.open");
            }
        }
    }

    private static void noLimit(Trial trial) throws IOException, Fault, InterruptedException {
        try (Guest guest = trial.client()) {
            echo(guest, "x".repeat(10 * KIB) + "\n");
        }
        long sent;
        try (Guest guest = trial.client()) {
            sent = Background.call(() -> flood(guest)).get(FLOOD_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new Fault("fault.9.stuck", FLOOD_SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        try (Guest guest = trial.client()) {
            echo(guest, "hello\n");
            trial.requireRunning();
        } catch (IOException e) {
            Trial.End end = trial.awaitEnd();
            if (end != null && end.said().contains("OutOfMemoryError")) {
                throw new Fault("fault.9", sent >> 20, end.said());
            }
            throw e;
        }
    }

    /** Sends and sends, and no line end. Returns how much was taken. */
    private static long flood(Guest guest) {
        byte[] block = "x".repeat(64 * KIB).getBytes(StandardCharsets.US_ASCII);
        long sent = 0;
        try {
            while (sent < FLOOD) {
                guest.send(block);
                sent += block.length;
            }
        } catch (IOException e) {
            return sent; // it was disconnected
        }
        return sent;
    }

    private static void sharedBuffer(Trial trial) throws IOException, Fault, InterruptedException {
        try (Guest one = trial.client();
                Guest other = trial.client()) {
            echo(one, "hello\n");
            echo(other, "hello\n");
            for (int i = 0; i < ROUNDS; i++) {
                one.send("secret");
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                other.send("mine\n");
                String reply = other.line();
                if (reply == null) {
                    throw new EOFException();
                }
                if (reply.contains("secret")) {
                    throw new Fault("fault.10", reply);
                }
                if (!reply.equals("mine")) {
                    throw new Fault("fault.reply", "mine", reply);
                }
                one.send("\n");
                expect(one, "secret\n");
            }
        }
    }
}
