package org.reactorserver.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactorserver.bench.process.CProgram;
import org.reactorserver.bench.report.Spread;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Whether our load client and the tools of others measure the same: all of them in turn, round by round in alternating
 * order, on one server whose rate is known. Those that are not installed are left out.
 *
 * <pre>{@code java -cp "target/bench/classes:target/reactor-server.jar" org.reactorserver.bench.Agreement}</pre>
 */
@Command(
        name = "agreement",
        mixinStandardHelpOptions = true,
        description = "Whether load measures what others measure.")
public final class Agreement implements Callable<Integer> {
    private static final double MOST_OFF = 0.03;

    /** In a second, and in milliseconds. */
    private record Figures(double rate, double p50, double p99) {}

    private interface Tool {
        Figures run(String port) throws IOException, InterruptedException;
    }

    @Mixin
    private CappedServer server;

    @Option(names = "--seconds", description = "of each run (default: ${DEFAULT-VALUE})")
    private int seconds = 5;

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT);
        System.exit(new CommandLine(new Agreement()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<String, Tool> ours = new LinkedHashMap<>();
        ours.put("load, PING", port -> load(port, "--send PING\\r\\n --expect +PONG\\r\\n"));
        ours.put(
                "load, HTTP",
                port -> load(
                        port, "--send GET\\x20/\\x20HTTP/1.1\\r\\nHost:a\\r\\n\\r\\n --expect any --reply-end http"));
        Map<String, Tool> others = new LinkedHashMap<>();
        add(others, "redis-benchmark", "--version", this::redisBenchmark);
        add(others, "memtier_benchmark", "--version", this::memtier);
        add(others, "wrk", "-v", this::wrk);
        Map<String, Tool> tools = new LinkedHashMap<>(ours);
        tools.putAll(others);
        Map<String, List<Figures>> results = new LinkedHashMap<>();
        tools.keySet().forEach(name -> results.put(name, new ArrayList<>()));
        server.during(port -> {
            for (int round = 0; round < server.rounds; round++) {
                List<String> order = new ArrayList<>(tools.keySet());
                if (round % 2 > 0) {
                    Collections.reverse(order);
                }
                for (String name : order) {
                    results.get(name).add(tools.get(name).run(port));
                }
            }
        });
        System.out.printf(
                "A server that gives %,d replies a second, %d connections, %d rounds of %d s in alternating order;"
                        + " medians, and in brackets the least and the greatest.%n%n",
                server.rate, server.connections, server.rounds, seconds);
        System.out.println("| | a second | p50, ms | p99, ms |\n|---|---:|---:|---:|");
        results.forEach((name, all) -> System.out.printf(
                "| %s | %s | %s | %s |%n",
                name,
                cell("%,.0f", all, Figures::rate),
                cell("%.2f", all, Figures::p50),
                cell("%.2f", all, Figures::p99)));
        boolean agrees = true;
        for (String name : ours.keySet()) {
            agrees &= judge(name, results.get(name), together(results, others));
        }
        return agrees ? 0 : 1;
    }

    private static void add(Map<String, Tool> tools, String name, String version, Tool tool) {
        if (CProgram.succeeds("sh", "-c", "command -v " + name)) {
            tools.put(name, tool);
        } else {
            System.out.println(name + " is not installed: left out");
        }
    }

    private Figures load(String port, String what) throws IOException, InterruptedException {
        String output = server.load("--port %s --connections %d --warm-up 1s --duration %ds %s"
                .formatted(port, server.connections, seconds, what));
        Matcher rate = find("sent, ([\\d,]+) answered", output);
        Matcher latency = find("service +[\\d,]+((?: +[\\d.]+ [µm]?s)+)", output);
        String[] times = latency.group(1).strip().split(" {2,}"); // least, p50, p90, p99, …
        return new Figures(Double.parseDouble(rate.group(1).replace(",", "")), millis(times[1]), millis(times[3]));
    }

    private Figures redisBenchmark(String port) throws IOException, InterruptedException {
        int count = server.rate * seconds;
        String output = server.output(
                "redis-benchmark -p %s -c %d -n %d -t ping_inline --csv".formatted(port, server.connections, count));
        String[] fields =
                find("\"PING_INLINE\",(.*)", output).group(1).replace("\"", "").split(",");
        return new Figures(Double.parseDouble(fields[0]), Double.parseDouble(fields[3]), Double.parseDouble(fields[5]));
    }

    private Figures memtier(String port) throws IOException, InterruptedException {
        String output = server.output(
                "memtier_benchmark -p %s -t 1 -c %d --test-time %d --command PING --hide-histogram --print-percentiles 50,99"
                        .formatted(port, server.connections, seconds));
        String[] fields = find("Totals +(.*)", output).group(1).strip().split(" +"); // rate, average, p50, p99, …
        return new Figures(Double.parseDouble(fields[0]), Double.parseDouble(fields[2]), Double.parseDouble(fields[3]));
    }

    private Figures wrk(String port) throws IOException, InterruptedException {
        String output = server.output(
                "wrk -t1 -c%d -d%ds --latency http://127.0.0.1:%s/".formatted(server.connections, seconds, port));
        return new Figures(
                Double.parseDouble(find("Requests/sec: +([\\d.]+)", output).group(1)),
                millis(find("50% +(\\S+)", output).group(1)),
                millis(find("99% +(\\S+)", output).group(1)));
    }

    private static Matcher find(String pattern, String output) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(output);
        if (!matcher.find()) {
            throw new IOException("'" + pattern + "' is not in what it printed:\n" + output);
        }
        return matcher;
    }

    private static double millis(String time) {
        double value = Double.parseDouble(time.replaceAll("[^\\d.]", ""));
        String unit = time.replaceAll("[\\d. ]", "");
        return unit.equals("s") ? value * 1000 : unit.equals("ms") ? value : value / 1000;
    }

    private static List<Figures> together(Map<String, List<Figures>> results, Map<String, Tool> tools) {
        return tools.keySet().stream()
                .flatMap(name -> results.get(name).stream())
                .toList();
    }

    /** The rate near that of the others, the percentiles among those of the others. */
    private static boolean judge(String name, List<Figures> own, List<Figures> others) {
        double off = spread(own, Figures::rate).median()
                        / spread(others, Figures::rate).median()
                - 1;
        boolean isNear = Math.abs(off) <= MOST_OFF;
        boolean p50 = isAmong(own, others, Figures::p50);
        boolean p99 = isAmong(own, others, Figures::p99);
        System.out.printf(
                "%n%s: throughput %+.1f %% of the others' (%s), p50 %s, p99 %s of those of the others%n",
                name, 100 * off, isNear ? "right" : "wrong", inside(p50), inside(p99));
        return isNear && p50 && p99;
    }

    private static boolean isAmong(List<Figures> own, List<Figures> others, ToDoubleFunction<Figures> figure) {
        double median = spread(own, figure).median();
        Spread spread = spread(others, figure);
        return median >= spread.min() && median <= spread.max();
    }

    private static String inside(boolean is) {
        return is ? "inside" : "outside";
    }

    private static String cell(String format, List<Figures> all, ToDoubleFunction<Figures> figure) {
        Spread spread = spread(all, figure);
        return (format + " (" + format + "–" + format + ")").formatted(spread.median(), spread.min(), spread.max());
    }

    private static Spread spread(List<Figures> all, ToDoubleFunction<Figures> figure) {
        return Spread.of(all.stream().mapToDouble(figure)).orElseThrow();
    }
}
