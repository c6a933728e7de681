package org.reactorserver.helper;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process of the packaged jar, started as a user would start it. */
public final class JarProcess extends ChildProcess {
    private static final Pattern READY = Pattern.compile("reactor-server listening on ([0-9.]+):([0-9]+)");

    private static final String MAIN_CLASS = "org.reactorserver.cli.Main";

    private JarProcess(ProcessBuilder builder) {
        super(builder);
    }

    /** {@code java -jar reactor-server.jar} with these arguments. */
    public static JarProcess start(String... arguments) {
        return command().start(arguments);
    }

    /** {@code serve} at any free port, connectable when this returns. */
    public static JarProcess serve(String... options) {
        return command().serve(options);
    }

    /** What is not as usual about the process can be said before it is started. */
    public static Command command() {
        return new Command("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"); // starts sooner
    }

    /** The same, in a JVM with the compilers and the collector that users have: for what is measured. */
    public static Command measured() {
        return new Command();
    }

    /** How it is started, if not in the usual way. */
    public static final class Command {
        private final List<String> jvmOptions;
        private final Map<String, String> environment = new TreeMap<>();
        private boolean withTestClasses;
        private int fileLimit;

        private Command(String... jvmOptions) {
            this.jvmOptions = new ArrayList<>(List.of(jvmOptions));
        }

        public Command jvm(String... options) {
            jvmOptions.addAll(List.of(options));
            return this;
        }

        public Command environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** {@code java -cp jar:classes Main}, so that it finds handlers that are classes of these tests. */
        public Command withTestClasses() {
            withTestClasses = true;
            return this;
        }

        /** {@code ulimit -n}: the soft and the hard limit of open files. */
        public Command fileLimit(int files) {
            fileLimit = files;
            return this;
        }

        /** {@code serve}, at any free port unless the options say where; connectable when this returns. */
        public JarProcess serve(String... options) {
            List<String> arguments = new ArrayList<>(List.of("serve"));
            if (!List.of(options).contains("--port") && !List.of(options).contains("--listen")) {
                arguments.addAll(List.of("--port", "0"));
            }
            arguments.addAll(List.of(options));
            JarProcess server = start(arguments.toArray(new String[0]));
            try {
                server.address();
                return server;
            } catch (AssertionError e) {
                server.close();
                throw e;
            }
        }

        public JarProcess start(String... arguments) {
            List<String> words = new ArrayList<>();
            if (fileLimit > 0) {
                words.addAll(List.of("sh", "-c", "ulimit -n " + fileLimit + "; exec \"$@\"", "sh"));
            }
            words.add(Programs.jdk("java"));
            words.addAll(jvmOptions);
            if (withTestClasses) {
                String classPath = Programs.jar() + System.getProperty("path.separator") + Programs.testClasses();
                words.addAll(List.of("-cp", classPath, MAIN_CLASS));
            } else {
                words.addAll(List.of("-jar", Programs.jar()));
            }
            words.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(words);
            builder.environment().keySet().removeIf(Command::changesBehaviour);
            builder.environment().put("LC_ALL", "C.UTF-8"); // arguments are not all ASCII
            builder.environment().putAll(environment);
            return new JarProcess(builder);
        }

        private static boolean changesBehaviour(String variable) {
            return variable.startsWith("REACTOR_")
                    || variable.equals("JAVA_TOOL_OPTIONS")
                    || variable.equals("JDK_JAVA_OPTIONS")
                    || variable.equals("_JAVA_OPTIONS");
        }
    }

    /** Where it listens, by its ready line. */
    public InetSocketAddress address() {
        Matcher ready = READY.matcher(awaitOut(READY.asMatchPredicate()));
        if (!ready.matches()) {
            throw new AssertionError("cannot be");
        }
        return new InetSocketAddress(ready.group(1), Integer.parseInt(ready.group(2)));
    }

    /** What its admin endpoint says of this at /metrics, without labels. */
    public long metric(String name) {
        String line = awaitErr(each -> each.contains("admin endpoint listening on "));
        return Shell.run("curl", "-s", line.replaceFirst(".* ", "") + "/metrics")
                .lines()
                .filter(each -> each.startsWith(name + " "))
                .mapToLong(each -> (long) Double.parseDouble(each.substring(name.length())))
                .findFirst()
                .orElseThrow();
    }

    public int port() {
        return address().getPort();
    }
}
