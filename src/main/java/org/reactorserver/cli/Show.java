package org.reactorserver.cli;

import static org.reactorserver.text.Log.LOG;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.reactorserver.Inspection;
import org.reactorserver.page.Brake;
import org.reactorserver.page.Stage;
import org.reactorserver.text.Words;

/** The reactor at work, on a terminal and in a file: says what the loop is held at, and takes it on by Enter. */
final class Show {
    private final Stage stage;
    private final boolean stops;
    private final Path record;
    private final Locale language;
    private final InputStream in;
    private final PrintStream out;
    private final Words words;

    /**
     * Shows what is on this stage, on the terminal and in the language of the process.
     *
     * @param stops whether the loop is held where it goes to sleep for the first time, and from there on
     * @param record where it is kept; null for nowhere
     */
    Show(Stage stage, boolean stops, Path record) {
        this(stage, stops, record, Language.inForce(), System.in, System.err);
    }

    /** The same with these. */
    Show(Stage stage, boolean stops, Path record, Locale language, InputStream in, PrintStream out) {
        this.stage = stage;
        this.stops = stops;
        this.record = record;
        this.language = language;
        this.in = in;
        this.out = out;
        this.words = Words.beside(Show.class, language);
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
            if (stops) {
                out.println(words.text("keys"));
            }
            out.println(words.text("clients"));
            stage.brake().setNarrator(happening -> out.println(happening.narrate(language)));
            Signals.on("CONT", stage.brake()::resume);
            Thread keys = new Thread(this::obeyKeys, "keys");
            keys.setDaemon(true);
            keys.start();
            if (stops) {
                server.turns().thenRun(() -> stage.brake().letGo(Brake.Until.SLEEP));
            }
        }
    }

    /** Until there are no more: without a terminal there is the page, or a signal. */
    private void obeyKeys() {
        try {
            BufferedReader lines = new BufferedReader(new InputStreamReader(in));
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
            default -> out.println(words.text("keys"));
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
