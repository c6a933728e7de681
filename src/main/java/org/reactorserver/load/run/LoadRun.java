package org.reactorserver.load.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.reactorserver.load.drive.Generator;
import org.reactorserver.load.drive.StartLine;
import org.reactorserver.load.measure.Books;
import org.reactorserver.load.measure.Recorder;
import org.reactorserver.load.measure.Slice;
import org.reactorserver.load.measure.SliceListener;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Part;
import org.reactorserver.load.plan.Slo;
import org.reactorserver.load.report.HistogramFiles;
import org.reactorserver.load.report.Progress;
import org.reactorserver.load.report.Prometheus;
import org.reactorserver.load.result.Joiner;
import org.reactorserver.load.result.Objectives;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.result.Reporter;
import org.reactorserver.load.result.Tally;

/**
 * One run of the load client: drives a server as a {@link LoadPlan} says and reports what it measured.
 *
 * <p>{@link #run} may be called once; it starts the selector thread and uses the calling one for
 * progress and sums. {@link #stopEarly} may be called from any thread.
 *
 * <p>The load client stands on the loop and the framings, and never on the server. Its rooms, of which each
 * uses earlier ones only: {@code text} (how a number is written, JSON), {@code protocol} (scenarios, and where
 * replies end) and {@code measure} (what is counted and timed); {@code plan} (what is to be done); {@code result} (what came of it, and the verdict) and {@code drive}
 * (does it), which meet in the books and do not know each other; {@code report} (the forms in which a result
 * is printed); {@code run}, which has one do its work after the other; and {@code selftest}, which runs it on what is known.
 */
public final class LoadRun {
    private static final long SHORTEST_SLICE = 100_000_000;
    private static final long LONGEST_SLICE = 1_000_000_000;
    private static final int SLICES_WANTED = 200;

    private final LoadPlan plan;
    private final List<Slo> objectives;
    private final List<SliceListener> listeners = new ArrayList<>();
    private final SocketAddress target;
    private final List<Generator> generators = new ArrayList<>(); // one for each thread
    private final long sliceNanos;
    private final Tally tally = new Tally();
    private final List<String> problems = new ArrayList<>();
    private List<Slo> fatal = List.of();
    private final Instant began = Instant.now();

    /**
     * Prepares a run; connects to nobody yet.
     *
     * @param objectives decide about the verdict, beside the integrity of every reply
     * @throws UnknownHostException if there is no such host
     */
    public LoadRun(LoadPlan plan, List<Slo> objectives) throws IOException {
        this(plan, objectives, SelectorProvider.provider(), System::nanoTime);
    }

    LoadRun(LoadPlan plan, List<Slo> objectives, SelectorProvider provider, LongSupplier clock) throws IOException {
        this.plan = Objects.requireNonNull(plan, "plan");
        this.objectives = List.copyOf(objectives);
        this.target = plan.route().resolve(plan.host(), plan.port());
        long slice = plan.durationNanos() / SLICES_WANTED;
        this.sliceNanos = Math.max(SHORTEST_SLICE, Math.min(LONGEST_SLICE, slice));
        StartLine startLine = new StartLine(plan.threads());
        for (int i = 0; i < plan.threads(); i++) {
            Part part = new Part(i, plan.threads());
            generators.add(new Generator(plan, part, startLine, target, provider, clock, sliceNanos));
        }
    }

    /** Has the listener see the slices; before {@link #run}. */
    LoadRun listener(SliceListener listener) {
        listeners.add(listener);
        return this;
    }

    /** Breaks the run off as soon as one of these is lost; before {@link #run}. */
    public LoadRun abortOn(List<Slo> objectives) {
        fatal = List.copyOf(objectives);
        return this;
    }

    /** Prints a line a second; before {@link #run}. */
    public LoadRun progress(Progress progress) {
        return listener(progress);
    }

    /** Keeps a file for Prometheus up to date; before {@link #run}. */
    public LoadRun prometheus(Path file) throws IOException {
        return listener(new Prometheus(file, plan.isOpenModel()));
    }

    /** Writes an HdrHistogram log, interval by interval; before {@link #run}. */
    public LoadRun histogramLog(Path file) throws IOException {
        return listener(HistogramFiles.log(file, began.toEpochMilli()));
    }

    /**
     * Writes the percentiles as HdrHistogram prints them, in milliseconds: response times in the open
     * model, service times in the closed one. After {@link #run}.
     */
    public void writePercentiles(Path file) throws IOException {
        HistogramFiles.percentiles(file, plan.isOpenModel() ? tally.all.response : tally.all.service);
    }

    /** What could not be written while it ran; after {@link #run}. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** Any thread: ends the run as if its time were over; the report says so. */
    public void stopEarly() {
        generators.forEach(Generator::stopEarly);
    }

    /**
     * Connects, sends, waits for the last replies, and reports.
     *
     * @throws IllegalStateException if the client itself failed
     */
    public Report run() throws InterruptedException {
        Throwable[] failure = new Throwable[1];
        List<Thread> loops = new ArrayList<>();
        for (Generator generator : generators) {
            Thread loop = new Thread(generator::run, "load" + (generators.size() > 1 ? "-" + (loops.size() + 1) : ""));
            loop.setUncaughtExceptionHandler((thread, e) -> failure[0] = e);
            loops.add(loop);
        }
        loops.forEach(Thread::start);
        readUntilEnd(loops);
        if (failure[0] != null) {
            throw new IllegalStateException("the load client has failed", failure[0]);
        }
        for (SliceListener listener : listeners) {
            try {
                listener.onEnd();
            } catch (UncheckedIOException e) {
                problems.add(e.getCause().getMessage()); // which is no reason to lose the report
            }
        }
        List<Long> longestWaits = new ArrayList<>();
        generators.forEach(generator -> longestWaits.addAll(generator.longestWaits()));
        generators.stream().skip(1).forEach(generator -> books().add(generator.books()));
        return new Reporter(plan, objectives, target, books(), longestWaits, tally, began).report();
    }

    /** Those of the first thread, which are everybody's in the end. */
    private Books books() {
        return generators.get(0).books();
    }

    /** Reads what the threads have measured, as they go on, until all of them have ended. */
    private void readUntilEnd(List<Thread> loops) throws InterruptedException {
        Joiner joiner = new Joiner(loops.size(), sliceNanos, this::onSlice);
        boolean[] ended = new boolean[loops.size()];
        int running = loops.size();
        while (running > 0) {
            boolean waited = false;
            for (int i = 0; i < ended.length; i++) {
                if (!ended[i]) {
                    ended[i] = !loops.get(i).isAlive();
                    read(i, ended[i] || waited, joiner);
                    if (ended[i]) {
                        joiner.end(i);
                    }
                    waited = true;
                    running -= ended[i] ? 1 : 0;
                }
            }
        }
        joiner.end();
    }

    private void read(int thread, boolean now, Joiner joiner) throws InterruptedException {
        Recorder recorder = generators.get(thread).books().recorder;
        Slice slice;
        while ((slice = recorder.take(now)) != null) {
            joiner.add(thread, slice);
            recorder.giveBack(slice);
        }
    }

    private void onSlice(Slice slice) {
        tally.add(slice, books().span.start);
        listeners.forEach(listener -> listener.onSlice(slice));
        String lost = slice.phase == Slice.Phase.MEASURED ? Objectives.lost(fatal, plan.isOpenModel(), tally) : null;
        if (lost != null) {
            generators.forEach(generator -> generator.abort(lost));
        }
    }
}
