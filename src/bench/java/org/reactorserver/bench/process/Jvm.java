package org.reactorserver.bench.process;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What another JVM can be asked from outside, with nothing prepared in it. */
public final class Jvm {

    private static final Duration JCMD_LIMIT = Duration.ofSeconds(30);
    private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");

    private Jvm() {}

    /**
     * Bytes of live objects. {@code jcmd GC.class_histogram} collects garbage first; it is asked
     * twice, because what the first collection finds dead may have held on to other things.
     */
    public static long liveHeap(Path javaHome, long pid, Path log) throws IOException, InterruptedException {
        String jcmd = javaHome.resolve("bin").resolve("jcmd").toString();
        List<String> command = List.of(jcmd, Long.toString(pid), "GC.class_histogram");
        Child.start(command, Map.of(), log).waitFor(JCMD_LIMIT);
        Child second = Child.start(command, Map.of(), log);
        second.waitFor(JCMD_LIMIT);
        Matcher total = TOTAL.matcher(second.output());
        if (!total.find()) {
            throw new IOException("no histogram from jcmd" + second.complaint());
        }
        return Long.parseLong(total.group(1));
    }

    /**
     * Bytes that its living threads have allocated since they started, from the JVM's own counter
     * per thread. That counter is exact, where sampling with Flight Recorder estimates and the
     * growth of eden is known to a whole allocation buffer only. The threads that serve this
     * question are left out.
     */
    public static long allocated(long pid) throws IOException {
        try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(managementAgent(pid)))) {
            var threads = ManagementFactory.newPlatformMXBeanProxy(
                    connector.getMBeanServerConnection(),
                    ManagementFactory.THREAD_MXBEAN_NAME,
                    com.sun.management.ThreadMXBean.class);
            long[] ids = threads.getAllThreadIds();
            ThreadInfo[] infos = threads.getThreadInfo(ids);
            long[] bytes = threads.getThreadAllocatedBytes(ids);
            long sum = 0;
            for (int i = 0; i < ids.length; i++) {
                if (infos[i] != null && !infos[i].getThreadName().matches("(RMI|JMX) .*")) {
                    sum += bytes[i];
                }
            }
            return sum;
        }
    }

    private static String managementAgent(long pid) throws IOException {
        try {
            VirtualMachine jvm = VirtualMachine.attach(Long.toString(pid));
            try {
                return jvm.startLocalManagementAgent();
            } finally {
                jvm.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new IOException("cannot attach to the server's JVM", e);
        }
    }
}
