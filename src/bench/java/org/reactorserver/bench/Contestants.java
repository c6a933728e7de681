package org.reactorserver.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactorserver.bench.helper.SlowHandler;
import org.reactorserver.bench.peers.MinaPeer;
import org.reactorserver.bench.peers.NettyPeer;
import org.reactorserver.bench.peers.SmartSocketPeer;
import org.reactorserver.bench.peers.ThreadPerClientPeer;
import org.reactorserver.bench.peers.VertxPeer;
import org.reactorserver.bench.process.CProgram;
import org.reactorserver.bench.report.Machine;

/**
 * The catalogue: how each server is started. All of them get the JVM's defaults, as a user's would,
 * and a port of their own choosing.
 */
final class Contestants {

    /** The older build of ours, where there is one. */
    static final String BEFORE = "before";

    private static final String LINES = "--framing line --transcript off ";

    /** Room for a message of 64 KiB, its delimiter, and no doubt; for the sweep over sizes. */
    private static final String LARGE_FRAME = Integer.toString(128 * 1024);

    /** The peers' default. */
    private static final String FRAME = Integer.toString(64 * 1024);

    final Contestant ours;
    final Contestant oursLoop;
    final Contestant oursChunk;
    final Contestant oursAsItIs;
    final Contestant oursSlow;
    final Contestant oursLarge;
    final Contestant oursToAll;
    final Contestant oursTls;
    final Contestant oursLoopTls;
    final Contestant nettyExecutor;
    final Contestant nettyOffload;
    final Contestant nettyLoop;
    final Contestant nettyToAll;
    final Contestant nettyLoopToAll;
    final Contestant nettyTls;
    final Contestant nettyLoopTls;
    final Contestant nettySlow;
    final Contestant nettyLarge;
    final Contestant mina;
    final Contestant smartSocket;
    final Contestant vertx;
    final Contestant threads;
    final Contestant virtual;
    final Contestant python;
    final Contestant limit;
    final Contestant before;

    /** The program of {@link Polite}; null if it cannot be compiled here. */
    final String polite;

    /** That of {@link FanoutScenario}, likewise. */
    final String subscribers;

    /** That of {@link Lines}, likewise. */
    final String lines;

    private final Settings settings;
    private final String classPath = System.getProperty("java.class.path");

    Contestants(Settings settings) {
        this.settings = settings;
        String twoWorkers = LINES + "--echo --workers 2";
        ours = ours("ours", ", 2 workers", twoWorkers);
        oursLarge = ours("ours", ", 2 workers", twoWorkers + " --max-message " + LARGE_FRAME);
        oursLoop = ours("ours-loop", ", handler on the loop", LINES + "--echo --workers 0");
        oursToAll = ours("ours-to-all", ", 2 workers, --broadcast", LINES + "--broadcast --workers 2");
        String keys = " --tls-cert %s --tls-key %s".formatted(certificate(), key());
        oursTls = ours("ours-tls", ", 2 workers, TLS", twoWorkers + keys).overTls();
        oursLoopTls = ours("ours-loop-tls", ", handler on the loop, TLS", LINES + "--echo --workers 0" + keys)
                .overTls();
        oursChunk = ours("ours-chunk", " as it starts by default", "");
        oursAsItIs = oursWithoutOptions();
        oursSlow = oursWithSlowHandler(LINES + "--workers 2");

        String netty = "Netty " + version("netty-transport");
        String shape = netty + ", 1 loop + group of 2 (our shape)";
        String byHand = netty + ", 1 loop + 2 threads, offloaded by hand";
        nettyExecutor = peer("netty-executor2", shape, NettyPeer.class, "executor2");
        nettyLarge = peer("netty-executor2", shape, NettyPeer.class, "executor2", LARGE_FRAME);
        nettySlow = peer("netty-slow", shape, NettyPeer.class, "executor2-slow");
        nettyOffload = peer("netty-offload2", byHand, NettyPeer.class, "offload2");
        nettyLoop = peer("netty-loop", netty + ", handler on the loop", NettyPeer.class, "loop");
        nettyToAll = peer("netty-group2", shape + ", ChannelGroup", NettyPeer.class, "group2");
        nettyLoopToAll = peer("netty-group", netty + ", on the loop, ChannelGroup", NettyPeer.class, "group");
        nettyTls = overJdkTls(nettyExecutor, "netty-executor2-tls", "executor2");
        nettyLoopTls = overJdkTls(nettyLoop, "netty-loop-tls", "loop");

        String minaShape = "MINA " + version("mina-core") + ", 1 processor + 2 threads";
        mina = peer("mina", minaShape, MinaPeer.class, "executor2");
        String smart = "smart-socket " + version("aio-core") + ", 2 threads";
        smartSocket = peer("smart-socket", smart, SmartSocketPeer.class, "threads2");
        String vertxShape = "Vert.x " + version("vertx-core") + ", handler on the loop";
        vertx = peer("vertx", vertxShape, VertxPeer.class, "loop");
        threads = peer("threads", "thread per client", ThreadPerClientPeer.class, "platform");
        List<String> command = java(Settings.java(settings.virtualJdk()), ThreadPerClientPeer.class, "0", "virtual");
        String java = Machine.java(settings.virtualJdk());
        virtual = Contestant.of("virtual", "virtual thread per client, Java " + java, command);
        python = python();
        limit = limit();
        before = settings.before == null
                ? Contestant.missing(BEFORE, "the older build", "no --before")
                : serve(BEFORE, ", 2 workers, the older build", settings.before, inJar(settings.before), twoWorkers);
        polite = compiled("polite");
        subscribers = compiled("subscribers");
        lines = compiled("lines");
    }

    /** A command that runs a class of the bench. */
    List<String> java(Path java, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(java.toString(), "-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private Contestant ours(String id, String how, String options) {
        return serve(id, how, settings.jar, inJar(settings.jar), options);
    }

    private static List<String> inJar(Path jar) {
        return List.of("-jar", jar.toString());
    }

    /** At its own port, which must be free. */
    private Contestant oursWithoutOptions() {
        List<String> command = List.of(settings.java().toString(), "-jar", settings.jar.toString());
        return Contestant.of("ours-as-it-is", "reactor-server, no option", command);
    }

    /** The same jar, on a class path with our handler; its main class is in its manifest. */
    private Contestant oursWithSlowHandler(String options) {
        String handler = SlowHandler.class.getName();
        String main = "";
        try (JarFile jar = new JarFile(settings.jar.toFile())) {
            main = jar.getManifest().getMainAttributes().getValue("Main-Class");
        } catch (IOException e) {
            // Without the jar this contestant is missing like the others of ours.
        }
        String path = settings.jar + File.pathSeparator + classPath;
        List<String> how = List.of("-cp", path, main);
        return serve("ours-slow", ", 2 workers", settings.jar, how, "--handler " + handler + " " + options);
    }

    private Contestant serve(String id, String how, Path jar, List<String> jvmArguments, String options) {
        String label = "reactor-server" + how;
        if (!Files.isRegularFile(jar)) {
            return Contestant.missing(id, label, jar + " is not there");
        }
        List<String> command = new ArrayList<>();
        command.add(settings.java().toString());
        command.addAll(jvmArguments);
        command.addAll(List.of(("serve --port 0 " + options).strip().split(" +")));
        return Contestant.of(id, label, command);
    }

    private Contestant peer(String id, String label, Class<?> main, String... variantAndMore) {
        List<String> command = java(settings.java(), main, "0");
        command.addAll(List.of(variantAndMore));
        return Contestant.of(id, label, command);
    }

    private Path certificate() {
        return settings.tlsKeys.resolve("server.pem");
    }

    private Path key() {
        return settings.tlsKeys.resolve("server.key");
    }

    private Contestant overJdkTls(Contestant plain, String id, String variant) {
        return peer(
                        id,
                        plain.label() + ", JDK's TLS",
                        NettyPeer.class,
                        variant,
                        FRAME,
                        certificate().toString(),
                        key().toString())
                .overTls();
    }

    private Contestant python() {
        String label = "the tutorial's Python server";
        String script = settings.sources.resolve("python/thread_per_client.py").toString();
        return CProgram.succeeds("python3", "--version")
                ? Contestant.of("python", label, List.of("python3", script, "0"))
                : Contestant.missing("python", label, "there is no python3 here");
    }

    private Contestant limit() {
        String label = "C, bare epoll echo (the limit)";
        String program = compiled("epoll_echo");
        return program != null
                ? Contestant.of("c", label, List.of(program, "0"))
                : Contestant.missing("c", label, CProgram.NO_COMPILER);
    }

    /** A C program of the bench, or null. */
    private String compiled(String name) {
        return CProgram.compiled(settings.sources, name, settings.out);
    }

    /** A library's version is in its file's name on our own class path. */
    private String version(String artifact) {
        Matcher matcher =
                Pattern.compile(artifact + "-(\\d[\\d.]*\\d)[^/\\\\]*\\.jar").matcher(classPath);
        return matcher.find() ? matcher.group(1) : "?";
    }
}
