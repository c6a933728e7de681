package org.reactorserver.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.reactorserver.text.Log.LOG;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * One who looks: is sent the frames as server-sent events, on a thread of its own, until the server has ended, or the
 * reader has gone, or takes nothing any more. The latter would keep its place, and keep the server
 * writing down what happens, for nobody.
 */
final class Reader implements Runnable {
    private static final long QUIET_MILLIS = 1_000; // then a comment shows whether the reader is there
    private static final long OVER = -1;

    private final Stage stage;
    private final HttpExchange exchange;
    private final boolean texts;
    private final Runnable end;
    private final Executor later;
    private final Thread thread = new Thread(this, "page-reader");
    private volatile long turn = 1; // odd while something is sent, even while there is nothing to send; this thread

    /**
     * Begins with the next frame, which is a snapshot.
     *
     * @param exchange whose headers are set; it is closed in the end
     * @param texts whether what clients said is told
     * @param patienceMillis for how long what was sent at a time may wait to be taken, at least; twice that at most
     * @param end what is done behind everything else
     */
    Reader(Stage stage, HttpExchange exchange, boolean texts, long patienceMillis, Runnable end) {
        this.stage = stage;
        this.exchange = exchange;
        this.texts = texts;
        this.end = end;
        this.later = CompletableFuture.delayedExecutor(patienceMillis, TimeUnit.MILLISECONDS, Runnable::run);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
        lookAgain(turn);
    }

    private void lookAgain(long before) {
        later.execute(() -> {
            long now = turn;
            if (now == before && now % 2 == 1) {
                thread.interrupt(); // which ends a write that waits, and closes the connection
            } else if (now != OVER) {
                lookAgain(now);
            }
        });
    }

    @Override
    public void run() {
        long last = stage.reel().last();
        Runnable looksAway = stage.watch();
        try (exchange) {
            exchange.sendResponseHeaders(200, 0);
            send(exchange.getResponseBody(), last);
        } catch (IOException e) {
            LOG.debug("somebody looks no more", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // an interrupt is a request to end
        } finally {
            turn = OVER;
            looksAway.run();
            end.run();
        }
    }

    private void send(OutputStream out, long behind) throws IOException, InterruptedException {
        say(out, "retry: 1000\n\n");
        long last = behind;
        boolean hasBegun = false; // with a snapshot
        List<Frame> frames;
        while ((frames = next(last)) != null) {
            for (Frame frame : frames) {
                hasBegun |= frame.snapshot != null;
                last = frame.number;
                if (hasBegun) {
                    out.write(("data: " + frame.line(texts) + "\n\n").getBytes(UTF_8));
                }
            }
            say(out, frames.isEmpty() ? ":\n\n" : "");
        }
        say(out, "event: drained\ndata: {}\n\n");
    }

    private List<Frame> next(long last) throws InterruptedException {
        turn++;
        List<Frame> frames = stage.reel().after(last, QUIET_MILLIS);
        turn++;
        return frames;
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(UTF_8));
        out.flush();
    }
}
