package org.reactorserver.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.reactorserver.Addresses;
import org.reactorserver.client.Discovery;
import org.reactorserver.framing.Framing;
import org.reactorserver.load.HtmlReport;
import org.reactorserver.load.JsonReport;
import org.reactorserver.load.LoadPlan;
import org.reactorserver.load.LoadRun;
import org.reactorserver.load.Misbehaviour;
import org.reactorserver.load.Preflight;
import org.reactorserver.load.Progress;
import org.reactorserver.load.Report;
import org.reactorserver.load.Slo;
import org.reactorserver.load.TextReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code load}: puts a server under load, checks every reply and reports what it measured. */
@Command(
        name = "load",
        description = {
            "Puts a server under load, checks every reply, and reports what it really measured.",
            "Exit code: 0 pass; 1 a reply, a connection or an objective failed; 2 wrong usage; 3 the"
                    + " run is invalid: this client was the bottleneck, or the rate was missed.%n"
        },
        showDefaultValues = true,
        sortOptions = false,
        usageHelpWidth = 100)
final class LoadCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    Verbosity verbosity;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "The server's address.")
    String host;

    @Option(names = "--port", defaultValue = "8888", description = "The server's port.")
    int port;

    @Option(
            names = "--discover",
            paramLabel = "UDP_PORT",
            arity = "0..1",
            fallbackValue = "8888",
            description =
                    "Find the server by its announcements on this UDP port (8888 if none is given).")
    Integer discover;

    @Option(
            names = "--framing",
            converter = FramingConverter.class,
            description = "chunk, line or length. Default: chunk, or what --discover finds.")
    Framing framing;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "50",
            description = "How many connections are opened and kept.")
    int connections;

    @Option(
            names = "--duration",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long is measured, after the warm-up. Default: 10s")
    Duration duration;

    @Option(
            names = "--messages",
            paramLabel = "N",
            description = "Send so many messages in all, instead of for a duration.")
    Long messages;

    @Option(
            names = "--warm-up",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description =
                    "How long messages are sent and checked before they are measured. Default:"
                            + " 2s, 0 with --messages")
    Duration warmUp;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Open model: messages a second on all connections together, sent by the"
                    + " clock. Default: closed model")
    Double rate;

    @Option(
            names = "--depth",
            paramLabel = "D",
            description = "Closed model: messages outstanding on each connection. Default: 1")
    Integer depth;

    @Option(
            names = "--think",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            defaultValue = "0",
            description = "Closed model: pause between a reply and the next message.")
    Duration think;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            converter = SizeConverter.class,
            description = "Length of each message, framing not counted. Default: 64")
    Long size;

    @Option(
            names = "--message",
            paramLabel = "TEXT",
            description = "Each message, instead of a size; {id} is the connection's number, {seq}"
                    + " the message's.")
    String message;

    @Option(
            names = "--expect",
            paramLabel = "echo|TEXT|any",
            defaultValue = LoadPlan.DEFAULT_REPLY,
            description = "The reply to each message; in a text, {id} and {seq} as above.")
    String expect;

    @Option(
            names = "--connect-rate",
            paramLabel = "N",
            description = "Connections opened a second. Default: as fast as the server takes them")
    Double connectRate;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            defaultValue = "5s",
            description = "How long connecting, a reply, or the wait for the last replies may take;"
                    + " how long --discover listens.")
    Duration timeout;

    @Option(
            names = "--source-ip",
            paramLabel = "ADDRESS",
            split = ",",
            description = "Local addresses to connect from, in turn. Default: the system's choice")
    List<String> sourceIps;

    @Option(
            names = "--slo",
            paramLabel = "OBJECTIVE",
            description = "Decides about the exit code: p99<5ms, errors=0, answered/s>9000 ... May"
                    + " be given again.")
    List<String> objectives;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The same seed sends the same bytes.")
    long seed;

    @Option(
            names = "--misbehave",
            paramLabel = "HOW",
            defaultValue = "none",
            description = "Be a bad client: slow-reader, byte-at-a-time, half-close, reset or"
                    + " split-utf8.")
    String misbehave;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON.")
    Path json;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Write the report as one page for a browser.")
    Path html;

    @Option(
            names = "--hlog",
            paramLabel = "FILE",
            description = "Write an HdrHistogram log, interval by interval.")
    Path hlog;

    @Option(
            names = "--hgrm",
            paramLabel = "FILE",
            description = "Write the percentiles as HdrHistogram prints them.")
    Path hgrm;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (discover != null) {
            discover();
        }
        LoadPlan plan = plan();
        List<Slo> slos = slos();
        checkFiles();
        Preflight.obstacle(plan).ifPresent(obstacle -> {
            throw new ParameterException(spec.commandLine(), obstacle);
        });
        Preflight.advice(plan).ifPresent(advice -> System.err.println("note: " + advice));
        LoadRun run;
        try {
            run = new LoadRun(plan, slos);
        } catch (UnknownHostException e) {
            throw usage("--host: '" + host + "' cannot be resolved");
        }
        run.progress(new Progress(System.err, Progress.isTerminal()));
        if (hlog != null) {
            run.histogramLog(hlog);
        }
        return runUntilEndOrSignal(run);
    }

    /** A signal ends the run early, and the process only when the report has been written. */
    private int runUntilEndOrSignal(LoadRun run) throws InterruptedException {
        CountDownLatch written = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            run.stopEarly();
            try {
                written.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            Report report = run.run();
            System.out.print(TextReport.of(report));
            boolean allWritten = writeFiles(run, report);
            System.out.flush();
            return allWritten ? report.verdict().exitCode() : 1;
        } finally {
            written.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // it is running: the process ends by the signal
            }
        }
    }

    // -- the plan
    // -----------------------------------------------------------------------------------

    private LoadPlan plan() {
        try {
            LoadPlan.Builder plan = LoadPlan.builder()
                    .host(host)
                    .port(port)
                    .framing(framing == null ? Framing.chunks() : framing)
                    .connections(connections)
                    .timeout(timeout)
                    .think(think)
                    .seed(seed)
                    .sources(sources())
                    .misbehaviour(misbehaviour());
            setLength(plan);
            setModel(plan);
            setMessage(plan);
            if (connectRate != null) {
                plan.connectRate(connectRate);
            }
            return plan.build();
        } catch (IllegalArgumentException e) {
            throw usage("--" + e.getMessage());
        }
    }

    private void setLength(LoadPlan.Builder plan) {
        if (messages != null && duration != null) {
            throw usage("--messages " + messages + " and --duration exclude each other; give one");
        }
        if (messages != null) {
            plan.messages(messages);
        }
        if (duration != null) {
            plan.duration(duration);
        }
        if (warmUp != null) {
            plan.warmUp(warmUp);
        }
    }

    private void setModel(LoadPlan.Builder plan) {
        if (rate != null && depth != null) {
            throw usage("--rate " + rate + " (open model) and --depth " + depth
                    + " (closed model) exclude each other; give one");
        }
        if (rate != null) {
            plan.rate(rate);
        }
        if (depth != null) {
            plan.depth(depth);
        }
    }

    private void setMessage(LoadPlan.Builder plan) {
        if (size != null && message != null) {
            throw usage("--size " + size + " and --message exclude each other; give one");
        }
        if (size != null) {
            plan.size(size);
        }
        if (message != null) {
            plan.message(message);
        }
        switch (expect) {
            case "echo" -> plan.expectEcho();
            case "any" -> plan.expectAnything();
            default -> plan.expect(expect);
        }
    }

    private Misbehaviour misbehaviour() {
        return Arrays.stream(Misbehaviour.values())
                .filter(value -> value.toString().equals(misbehave))
                .findFirst()
                .orElseThrow(() -> usage("--misbehave must be slow-reader, byte-at-a-time,"
                        + " half-close, reset or split-utf8, not '" + misbehave + "'"));
    }

    private List<InetAddress> sources() {
        List<InetAddress> addresses = new ArrayList<>();
        for (String text : given(sourceIps)) {
            try {
                addresses.add(InetAddress.getByName(text));
            } catch (UnknownHostException e) {
                throw usage("--source-ip must be local addresses, as in 127.0.0.2,127.0.0.3, not '"
                        + text + "'");
            }
        }
        return addresses;
    }

    private static List<String> given(List<String> option) {
        return option == null ? List.of() : option;
    }

    private List<Slo> slos() {
        try {
            return given(objectives).stream().map(Slo::parse).toList();
        } catch (IllegalArgumentException e) {
            throw usage("--slo " + e.getMessage());
        }
    }

    /** What is found also says which framing it speaks; one that was asked for stands. */
    private void discover() throws IOException {
        Discovery.Found found = Discovery.find(discover, timeout)
                .orElseThrow(
                        () -> new IOException("--discover: no server announced itself on UDP port "
                                + discover + " within " + DurationConverter.text(timeout)));
        host = found.address().getAddress().getHostAddress();
        port = found.address().getPort();
        System.err.println("found a server at " + Addresses.text(found.address()) + ", "
                + found.framing() + " framing");
        if (framing == null) {
            framing = new FramingConverter().convert(found.framing());
        }
    }

    // -- the files
    // ----------------------------------------------------------------------------------

    /** Better now than after the run. */
    private void checkFiles() {
        checkFile("--json", json);
        checkFile("--html", html);
        checkFile("--hlog", hlog);
        checkFile("--hgrm", hgrm);
    }

    private void checkFile(String option, Path file) {
        if (file == null) {
            return;
        }
        Path parent = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file)) {
            throw usage(option + " " + file + " is a directory; name a file");
        } else if (!Files.isDirectory(parent)) {
            throw usage(option + " " + file + ": there is no directory " + parent);
        } else if (!Files.isWritable(Files.exists(file) ? file : parent)) {
            throw usage(option + " " + file + " cannot be written; name another");
        }
    }

    private boolean writeFiles(LoadRun run, Report report) {
        boolean all = write("--json", json, () -> Files.writeString(json, JsonReport.of(report)));
        all &= write("--html", html, () -> Files.writeString(html, HtmlReport.of(report)));
        all &= write("--hgrm", hgrm, () -> {
            run.writePercentiles(hgrm);
            return hgrm;
        });
        if (json != null || html != null || hgrm != null || hlog != null) {
            System.out.println("\nFiles");
            for (Path file : Arrays.asList(json, html, hlog, hgrm)) {
                if (file != null) {
                    System.out.println("  " + file);
                }
            }
        }
        return all;
    }

    private static boolean write(String option, Path file, Callable<Path> writer) {
        if (file == null) {
            return true;
        }
        try {
            writer.call();
            return true;
        } catch (Exception e) {
            System.err.println("error: " + option + " " + file + " could not be written: " + e);
            return false;
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
