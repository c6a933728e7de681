package org.reactorserver.admin;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;

/** Where a thread is. Any thread. */
final class Frames {
    private Frames() {}

    /** {@code at example.Handler.onMessage(Handler.java:7), in java.lang.Thread.sleep}: the first that is not the JDK's. */
    static String where(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        if (stack.length == 0) {
            return "nowhere: it has ended";
        }
        StackTraceElement own =
                Arrays.stream(stack).filter(frame -> !isJdk(frame)).findFirst().orElse(stack[0]);
        String inside = own == stack[0] ? "" : ", in " + stack[0].getClassName() + "." + stack[0].getMethodName();
        return "at %s.%s(%s:%d)%s%s"
                .formatted(
                        own.getClassName(),
                        own.getMethodName(),
                        own.getFileName(),
                        own.getLineNumber(),
                        inside,
                        lock(thread));
    }

    /** Who has what it waits for, if that is a lock. */
    private static String lock(Thread thread) {
        ThreadInfo info = ManagementFactory.getThreadMXBean().getThreadInfo(thread.getId());
        String owner = info == null ? null : info.getLockOwnerName();
        return owner == null ? "" : ", waiting for a lock that " + owner + " has";
    }

    private static boolean isJdk(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.startsWith("java.") || name.startsWith("jdk.") || name.startsWith("sun.");
    }
}
