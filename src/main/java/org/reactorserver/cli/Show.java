package org.reactorserver.cli;

import static org.reactorserver.text.Log.LOG;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.reactorserver.Inspection;
import org.reactorserver.page.Brake;
import org.reactorserver.page.Stage;

/** The reactor at work, on a terminal and in a file: says what the loop is held at, and takes it on by Enter. */
final class Show {
    private final Stage stage;
    private final boolean stops;
    private final Path record;

    /**
     * Shows what is on this stage.
     *
     * @param stops whether the loop is held at the first thing that happens
     * @param record where it is kept; null for nowhere
     */
    Show(Stage stage, boolean stops, Path record) {
        this.stage = stage;
        this.stops = stops;
        this.record = record;
    }

    Stage stage() {
        return stage;
    }

    /**
     * Behind the ready line: from here on there is something to see. It is held when all that is beside it has begun.
     */
    void begin(Inspection server) {
        if (record != null) {
            stage.watch();
        }
        if (stage.brake() != null) {
            Locale locale = Locale.getDefault();
            PrintStream out = System.err;
            stage.brake().setNarrator(happening -> out.println(happening.narrate(locale)));
            Signals.on("CONT", stage.brake()::resume);
            Thread keys = new Thread(this::obeyKeys, "keys");
            keys.setDaemon(true);
            keys.start();
            if (stops) {
                server.turns().thenRun(stage.brake()::stop);
            }
        }
    }

    /** Until there are no more: without a terminal there is the page, or a signal. */
    private void obeyKeys() {
        try {
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                obey(line.strip());
            }
        } catch (IOException e) {
            LOG.debug("there is no terminal", e);
        }
    }

    private void obey(String line) {
        Brake brake = stage.brake();
        switch (line) {
            case "" -> brake.letGo(Brake.Until.EVENT);
            case "s" -> brake.letGo(Brake.Until.STEP);
            case "p" -> brake.letGo(Brake.Until.PASS);
            case "r" -> brake.resume();
            default -> System.err.println("Enter: what happens next; s: the next step; p: the next pass; r: let it go");
        }
    }

    /** The server is to end: nothing is held any more. */
    void letGo() {
        if (stage.brake() != null) {
            stage.brake().off();
        }
    }

    /** The server has ended: keeps what is to be kept. */
    void end() {
        stage.ended();
        if (record != null) {
            try {
                Files.writeString(record, stage.recording());
                LOG.info("recorded in {}", record);
            } catch (IOException e) {
                LOG.warn("the recording cannot be written to {}: {}", record, e.toString());
            }
        }
    }
}
