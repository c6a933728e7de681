package org.reactorserver.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code load}: puts a server under load, checks every reply and reports what it measured. */
@Command(
        name = "load",
        description = {
            "Put a server under load, check every reply, and report what was really measured.",
            "Exit code: 0 pass; 1 a reply, a connection or an objective failed; 2 usage; 3 the run is"
                    + " not valid, because this client was the bottleneck or the rate was missed."
        })
final class LoadCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "Where the server is (${DEFAULT-VALUE}).")
    private String host;

    @Option(
            names = "--port",
            defaultValue = "8888",
            description = "The server's port (${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--discover",
            description = "Find host and port by the server's announcement (off).")
    private boolean discover;

    @Option(
            names = "--framing",
            defaultValue = "chunk",
            description = "How messages are told apart: chunk, line or length (${DEFAULT-VALUE}).")
    private String framing;

    @Option(
            names = "--connections",
            defaultValue = "50",
            description = "How many connections are opened and kept (${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--duration",
            converter = DurationConverter.class,
            description = "How long is measured, after the warm-up (10s).")
    private Duration duration;

    @Option(
            names = "--messages",
            description = "Send so many messages in all, instead of for a duration (off).")
    private Long messages;

    @Option(
            names = "--warm-up",
            converter = DurationConverter.class,
            description = "How long messages are sent and checked before they are measured"
                    + " (2s; 0s with --messages).")
    private Duration warmUp;

    @Option(
            names = "--rate",
            description = "Open model: messages a second on all connections together, sent by the"
                    + " clock (off: closed model).")
    private Double rate;

    @Option(
            names = "--depth",
            description = "Closed model: messages outstanding on each connection (1).")
    private Integer depth;

    @Option(
            names = "--think",
            converter = DurationConverter.class,
            defaultValue = "0s",
            description = "Closed model: pause between a reply and the next message"
                    + " (${DEFAULT-VALUE}).")
    private Duration think;

    @Option(
            names = "--size",
            converter = SizeConverter.class,
            description = "Bytes of each message, framing not counted (64).")
    private Integer size;

    @Option(
            names = "--message",
            description =
                    "Text of each message, instead of a size; {id} is the connection's number,"
                            + " {seq} the message's.")
    private String message;

    @Option(
            names = "--expect",
            defaultValue = LoadPlan.DEFAULT_REPLY,
            description = "The reply to each message: echo, any, or a text, with {id} and {seq}"
                    + " (${DEFAULT-VALUE}).")
    private String expect;

    @Option(
            names = "--connect-rate",
            description = "Connections opened a second (off: as fast as the server takes them).")
    private Double connectRate;

    @Option(
            names = "--timeout",
            converter = DurationConverter.class,
            defaultValue = "5s",
            description = "How long connecting, a reply, or the drain at the end may take"
                    + " (${DEFAULT-VALUE}).")
    private Duration timeout;

    @Option(
            names = "--source-ip",
            split = ",",
            description = "Local addresses to connect from, in turn (the system's choice).")
    private List<String> sourceIps = List.of();

    @Option(
            names = "--slo",
            description = "An objective that decides about the exit code, such as p99<5ms, errors=0"
                    + " or answered/s>9000; may be given again (none).")
    private List<String> objectives = List.of();

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "The same seed sends the same bytes (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--misbehave",
            defaultValue = "none",
            description = "Be a bad client: slow-reader, byte-at-a-time, half-close, reset or"
                    + " split-utf8 (${DEFAULT-VALUE}).")
    private String misbehave;

    @Option(names = "--json", description = "Write the result as JSON.")
    private Path json;

    @Option(names = "--html", description = "Write the report as one page, for a browser.")
    private Path html;

    @Option(names = "--hlog", description = "Write an HdrHistogram log, interval by interval.")
    private Path hlog;

    @Option(names = "--hgrm", description = "Write the percentiles as HdrHistogram prints them.")
    private Path hgrm;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (discover) {
            find();
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
            throw usage("--host: there is no host '" + host + "'");
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
                    .framing(framing())
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

    private Framing framing() {
        return switch (framing) {
            case "chunk" -> Framing.chunks();
            case "line" -> Framing.lines();
            case "length" -> Framing.lengthPrefixed();
            default ->
                throw usage("--framing must be chunk, line or length, not '" + framing + "'");
        };
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
        for (String text : sourceIps) {
            try {
                addresses.add(InetAddress.getByName(text));
            } catch (UnknownHostException e) {
                throw usage("--source-ip must be local addresses, as in 127.0.0.2,127.0.0.3, not '"
                        + text + "'");
            }
        }
        return addresses;
    }

    private List<Slo> slos() {
        try {
            return objectives.stream().map(Slo::parse).toList();
        } catch (IllegalArgumentException e) {
            throw usage("--slo " + e.getMessage());
        }
    }

    private void find() {
        InetSocketAddress found = lookAround(timeout)
                .orElseThrow(() -> usage("--discover: no server was heard within "
                        + timeout.toMillis() + " ms; is one started with --announce?"));
        host = found.getAddress().getHostAddress();
        port = found.getPort();
    }

    /** TO BE WIRED: asks the discovery of announced servers. */
    private static Optional<InetSocketAddress> lookAround(Duration timeout) {
        return Optional.empty();
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
