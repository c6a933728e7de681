package org.reactorserver.bench;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Whether {@code load --find-max} finds the rate of a server that is known, and how long it takes.
 *
 * <pre>{@code java -cp "target/bench/classes:target/reactor-server.jar" org.reactorserver.bench.FindMax}</pre>
 */
@Command(
        name = "find-max",
        mixinStandardHelpOptions = true,
        description = "Whether load --find-max finds a known rate.")
public final class FindMax implements Callable<Integer> {
    private static final double MOST_OFF = 0.05;
    private static final double LONGEST = 60;
    private static final Pattern FOUND = Pattern.compile("The highest rate .*: ([\\d,]+) a second");

    @Mixin
    private CappedServer server;

    @Option(names = "--objective", description = "default: ${DEFAULT-VALUE}")
    private String objective = "p99<100ms";

    private boolean right = true;

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT);
        System.exit(new CommandLine(new FindMax()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        server.during(port -> {
            for (int round = 1; round <= server.rounds; round++) {
                find(port);
            }
        });
        return right ? 0 : 1;
    }

    private void find(String port) throws IOException, InterruptedException {
        long began = System.nanoTime();
        String output = server.load("--port %s --connections %d --send PING\\r\\n --expect +PONG\\r\\n --find-max %s"
                .formatted(port, server.connections, objective));
        double seconds = (System.nanoTime() - began) / 1e9;
        Matcher found = FOUND.matcher(output);
        double rate = found.find() ? Double.parseDouble(found.group(1).replace(",", "")) : 0;
        double off = rate / server.rate - 1;
        boolean isRight = Math.abs(off) <= MOST_OFF && seconds <= LONGEST;
        right &= isRight;
        System.out.printf(
                "%s  found %,.0f of %,d a second (%+.1f %%) in %.0f s%n",
                isRight ? "right" : "WRONG", rate, server.rate, 100 * off, seconds);
        if (!isRight) {
            System.out.println(output.indent(2));
        }
    }
}
