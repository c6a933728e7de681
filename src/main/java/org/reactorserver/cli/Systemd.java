package org.reactorserver.cli;

import static org.reactorserver.text.Log.LOG;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells systemd how the server is, as sd_notify(3) has it: ready, reloading, stopping, what it does, and, where the
 * unit has {@code WatchdogSec=}, that its loop still turns. Where {@code NOTIFY_SOCKET} is not set it does nothing.
 *
 * <p>systemd listens at a Unix datagram socket, which Java cannot send to before the foreign function interface of Java
 * 22; so the program {@code systemd-notify} is run, on a thread of its own, which costs some 10 ms of CPU each time.
 * The unit needs {@code NotifyAccess=all}, since it is another process that speaks. Any thread.
 */
final class Systemd {
    private static final String SOCKET = "NOTIFY_SOCKET";
    private static final String WATCHDOG_MICROS = "WATCHDOG_USEC";
    private static final String WATCHDOG_PROCESS = "WATCHDOG_PID";
    private static final int MOST_WAITING = 32;
    private static final long PATIENCE_SECONDS = 5;
    private static final long LAST_SECONDS = 1;
    private static final long NANOS_PER_MICRO = 1_000;

    /** How what is to be said gets to systemd. */
    interface Messenger {
        /** Says these assignments, in one message. */
        void say(List<String> assignments) throws IOException, InterruptedException;
    }

    private final Messenger messenger; // null: not started by systemd
    private final long watchdogNanos; // 0: no watchdog
    private final AtomicBoolean beatWaits = new AtomicBoolean();
    private final ThreadPoolExecutor speaker; // null: not started by systemd
    private boolean isStopping; // guarded by this; from then on it is not ready again

    private Systemd(Messenger messenger, long watchdogNanos) {
        this.messenger = messenger;
        this.watchdogNanos = watchdogNanos;
        this.speaker = messenger == null
                ? null
                : new ThreadPoolExecutor(
                        0,
                        1,
                        1,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(MOST_WAITING),
                        Systemd::thread,
                        Systemd::tooMuch);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "systemd-notify");
        thread.setDaemon(true);
        return thread;
    }

    private static void tooMuch(Runnable task, ThreadPoolExecutor speaker) {
        LOG.debug(
                "systemd is not told: it has not heard the last {} messages yet, or the server is gone", MOST_WAITING);
    }

    /**
     * Reads what systemd has set.
     *
     * @param environment the process's
     */
    static Systemd of(Map<String, String> environment) {
        return of(environment, environment.get(SOCKET) == null ? null : Systemd::run);
    }

    static Systemd of(Map<String, String> environment, Messenger messenger) {
        String process = environment.get(WATCHDOG_PROCESS);
        boolean isForUs = process == null
                || process.equals(Long.toString(ProcessHandle.current().pid()));
        String micros = environment.get(WATCHDOG_MICROS);
        boolean isNumber = micros != null && micros.matches("[0-9]{1,15}");
        return new Systemd(messenger, isForUs && isNumber ? Long.parseLong(micros) * NANOS_PER_MICRO : 0);
    }

    private static void run(List<String> assignments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("systemd-notify"));
        command.addAll(assignments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("systemd-notify does not end");
        }
        if (process.exitValue() != 0) {
            throw new IOException("systemd-notify ended with " + process.exitValue());
        }
    }

    /** It can be connected to; also when a reload is through. */
    synchronized void ready(String status) {
        if (!isStopping) {
            say("READY=1", statusOf(status));
        }
    }

    /** It reads its configuration anew; {@link #ready} says when that is done. For {@code Type=notify-reload}. */
    synchronized void reloading(String status) {
        if (!isStopping) { // CLOCK_MONOTONIC, which nanoTime is on Linux
            say("RELOADING=1", "MONOTONIC_USEC=" + System.nanoTime() / NANOS_PER_MICRO, statusOf(status));
        }
    }

    /** It is being shut down; whatever a signal brings about at that moment, it is not ready any more. */
    synchronized void stopping(String status) {
        isStopping = true;
        say("STOPPING=1", statusOf(status));
    }

    private static String statusOf(String text) {
        return "STATUS=" + text.replace('\n', ' ');
    }

    /** How often {@link #beat} is to be called, twice in each of the watchdog's times; zero if there is no watchdog. */
    Duration beatEvery() {
        return messenger == null ? Duration.ZERO : Duration.ofNanos(watchdogNanos / 2);
    }

    /** Keeps the watchdog quiet. Returns at once; one beat waits at a time, however slow systemd is. */
    void beat() {
        if (beatWaits.compareAndSet(false, true)) {
            say("WATCHDOG=1");
        }
    }

    /** Says what is to be said yet, for a second at most, and nothing more. */
    void close() {
        if (speaker == null) {
            return;
        }
        speaker.shutdown();
        try {
            if (!speaker.awaitTermination(LAST_SECONDS, TimeUnit.SECONDS)) {
                speaker.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void say(String... assignments) {
        if (messenger == null) {
            return;
        }
        List<String> message = List.of(assignments);
        speaker.execute(() -> {
            if (message.get(0).startsWith("WATCHDOG")) {
                beatWaits.set(false);
            }
            try {
                messenger.say(message);
            } catch (IOException e) {
                LOG.warn("systemd cannot be told {}: {}", message.get(0), e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
