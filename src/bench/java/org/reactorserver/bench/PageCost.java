package org.reactorserver.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactorserver.ReactorServer;
import org.reactorserver.ServerObserver;
import org.reactorserver.framing.Framing;
import org.reactorserver.page.Pages;
import org.reactorserver.page.Stage;

/**
 * What it costs the server to be looked at: the throughput with one reader of the page's events against that without,
 * and, with 100 readers of which one does not read, how much of a pass goes into writing down what happens. To be run on
 * a machine that does nothing else, from the jar and the classes of the bench: {@code java -cp
 * target/reactor-server.jar:target/bench/classes org.reactorserver.bench.PageCost [PAIRS]}.
 */
public final class PageCost {
    private static final int PAIRS = 15;
    private static final Pattern PER_SECOND = Pattern.compile("\"answeredPerSecond\": *([0-9.]+)");

    private final Stage stage = new Stage(System::nanoTime);
    private final Share share = new Share(stage.attach(null, System::nanoTime).get(0));
    private final HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final ReactorServer server;

    private PageCost() throws IOException {
        Pages pages = new Pages(stage, authorization -> "there is no token");
        http.createContext("/", pages::answer);
        http.start();
        server = ReactorServer.builder(Framing.lines())
                .port(0)
                .observer(share.observer())
                .handler((session, message) -> session.send(message))
                .start();
    }

    /** Prints both. */
    public static void main(String[] args) throws Exception {
        PageCost cost = new PageCost();
        cost.throughput(args.length == 0 ? PAIRS : Integer.parseInt(args[0]));
        cost.share();
        System.exit(0); // threads that read events have no end
    }

    private void throughput(int pairs) throws Exception {
        double[] ratios = new double[pairs];
        load(50, "--depth", "16", "--duration", "5s"); // warms up
        for (int i = 0; i < pairs; i++) {
            double off = load(50, "--depth", "16", "--duration", "3s");
            Socket reader = reader(true);
            double on = load(50, "--depth", "16", "--duration", "3s");
            reader.close();
            ratios[i] = on / off;
            System.out.printf("%2d: %,9.0f/s without, %,9.0f/s with a reader, %.3f%n", i + 1, off, on, ratios[i]);
        }
        Arrays.sort(ratios);
        System.out.printf(
                "median of %d ratios: %.3f; half of them between %.3f and %.3f, all between %.3f and %.3f%n",
                pairs,
                ratios[pairs / 2],
                ratios[pairs / 4],
                ratios[pairs - 1 - pairs / 4],
                ratios[0],
                ratios[pairs - 1]);
    }

    private void share() throws Exception {
        List<Socket> readers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            readers.add(reader(i > 0));
        }
        load(10_000, "--rate", "5000", "--duration", "5s");
        share.forget();
        load(10_000, "--rate", "5000", "--duration", "20s");
        System.out.println(share);
        for (Socket reader : readers) {
            reader.close();
        }
    }

    /** Somebody who looks. */
    private Socket reader(boolean reads) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), http.getAddress().getPort());
        socket.getOutputStream()
                .write("GET /page/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        in.read(); // the answer has begun
        if (reads) {
            Thread thread = new Thread(() -> {
                try {
                    in.transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                    return; // it was closed
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
        return socket;
    }

    /** Answers a second. */
    private double load(int connections, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-jar",
                "target/reactor-server.jar",
                "load",
                "--framing=line",
                "--expect=echo",
                "--port=" + server.address().getPort(),
                "--connections=" + connections,
                "--json=-"));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String result = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher matcher = PER_SECOND.matcher(result);
        double answered = matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
        if (answered == 0) {
            throw new IOException("nothing was answered; the load client said: " + result);
        }
        return answered;
    }

    /** How long each pass was in the stage's hands. */
    private static final class Share {
        private final ServerObserver told;
        private long[] nanos = new long[1 << 20]; // of the last passes; by the loop only
        private int passes;
        private long now;
        private Thread loop;

        Share(ServerObserver told) {
            this.told = told;
        }

        ServerObserver observer() {
            return (ServerObserver) Proxy.newProxyInstance(
                    PageCost.class.getClassLoader(),
                    new Class<?>[] {ServerObserver.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("passBegan")) {
                            loop = Thread.currentThread();
                            nanos[passes++ & nanos.length - 1] = now;
                            now = 0;
                        }
                        long began = System.nanoTime();
                        Object result = method.invoke(told, arguments);
                        if (Thread.currentThread() == loop) {
                            now += System.nanoTime() - began;
                        }
                        return result;
                    });
        }

        void forget() {
            passes = 0;
        }

        @Override
        public String toString() {
            long[] all = Arrays.copyOf(nanos, Math.min(passes, nanos.length));
            Arrays.sort(all);
            return String.format(
                    "of %,d passes: median %.1f µs, 99.9 %% %.1f µs, longest %.1f µs in the hands of the page",
                    all.length,
                    all[all.length / 2] / 1e3,
                    all[(int) (all.length * 0.999)] / 1e3,
                    all[all.length - 1] / 1e3);
        }
    }
}
