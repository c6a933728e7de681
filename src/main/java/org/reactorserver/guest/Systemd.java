package org.reactorserver.guest;

import static org.reactorserver.text.Log.LOG;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.Timers;

/**
 * Tells systemd how the server is, as sd_notify(3) has it: ready, reloading, stopping, what it does, and, where the unit
 * has {@code WatchdogSec=}, that its loop still turns. Where {@code NOTIFY_SOCKET} is not set it does nothing.
 *
 * <p>systemd listens at a Unix datagram socket, which Java cannot send to before the foreign function interface of
 * Java 22; so the program {@code systemd-notify} is run, on a thread of its own, which costs some 10 ms of CPU each time.
 * The unit needs {@code NotifyAccess=all}, since it is another process that speaks. Any thread.
 */
public final class Systemd {
    private static final String SOCKET = "NOTIFY_SOCKET";
    private static final String WATCHDOG_MICROS = "WATCHDOG_USEC";
    private static final String WATCHDOG_PROCESS = "WATCHDOG_PID";
    private static final int MOST_WAITING = 32;
    private static final long PATIENCE_SECONDS = 5;
    private static final long NANOS_PER_MICRO = 1_000;

    /** How what is to be said gets to systemd. */
    interface Messenger {
        /** Says these assignments, in one message. */
        void say(List<String> assignments) throws IOException, InterruptedException;
    }

    private final Messenger messenger; // null: nobody listens
    private final long watchdogNanos; // 0: nobody waits for it
    private final AtomicBoolean beatWaits = new AtomicBoolean();
    private final ThreadPoolExecutor speaker = new ThreadPoolExecutor(
            0, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), Systemd::thread, Systemd::tooMuch);

    private Systemd(Messenger messenger, long watchdogNanos) {
        this.messenger = messenger;
        this.watchdogNanos = watchdogNanos;
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
     * Looks who listens.
     *
     * @param environment the process's
     */
    public static Systemd of(Map<String, String> environment) {
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
    public void ready(String status) {
        say("READY=1", statusOf(status));
    }

    /** It reads its configuration anew; {@link #ready} says when that is done. For {@code Type=notify-reload}. */
    public void reloading(String status) {
        // CLOCK_MONOTONIC, which nanoTime is on Linux
        say("RELOADING=1", "MONOTONIC_USEC=" + System.nanoTime() / NANOS_PER_MICRO, statusOf(status));
    }

    /** It is being shut down. */
    public void stopping(String status) {
        say("STOPPING=1", statusOf(status));
    }

    /** What it does, for {@code systemctl status}. */
    public void status(String status) {
        say(statusOf(status));
    }

    private static String statusOf(String text) {
        return "STATUS=" + text.replace('\n', ' ');
    }

    /**
     * Keeps the watchdog quiet as long as the loop turns: twice in each of its times a timer of the loop has it told. A
     * loop that is stuck fires no timer. Once, before the loop runs or on it.
     */
    public void watch(EventLoop loop) {
        if (messenger != null && watchdogNanos > 0) {
            new Timers.Timer() {
                @Override
                protected void onTimer() {
                    if (beatWaits.compareAndSet(false, true)) { // one waits at a time, however slow systemd is
                        say("WATCHDOG=1");
                    }
                    loop.timers().arm(this, loop.now() + watchdogNanos / 2);
                }
            }.onTimer();
        }
    }

    /** Says what is to be said yet, for so long at most, and nothing more. */
    public void close() {
        speaker.shutdown();
        try {
            if (!speaker.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
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
