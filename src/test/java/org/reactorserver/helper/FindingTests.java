package org.reactorserver.helper;

import java.lang.reflect.Method;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Leaves out what the tests do while PIT only asks what they are called.
 *
 * <p>PIT's plugin for JUnit finds the tests of a class by running them, in each process that tries changes, and
 * there is a new one after every change that makes a test hang: without this, most of PIT's time is spent on tests of
 * code that nothing has changed. The process that measures what a test covers does run them. Only the profile
 * {@code pit} turns the detection of extensions on; otherwise JUnit does not load this class.
 */
public final class FindingTests implements BeforeAllCallback, InvocationInterceptor {
    private static final String TRIES = "org.pitest.mutationtest.execute.";
    private static final String FINDS = "org.pitest.junit5.JUnit5TestUnitFinder";

    private static final boolean IS_TRYING =
            System.getProperty("sun.java.command", "").startsWith(TRIES);

    private static volatile boolean isFinding; // written by the thread that begins a class, whose tests others may run

    @Override
    public void beforeAll(ExtensionContext context) {
        isFinding = IS_TRYING
                && StackWalker.getInstance()
                        .walk(frames ->
                                frames.anyMatch(frame -> frame.getClassName().equals(FINDS)));
    }

    @Override
    public void interceptBeforeAllMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        run(invocation);
    }

    @Override
    public void interceptBeforeEachMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        run(invocation);
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        run(invocation);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        run(invocation);
    }

    @Override
    public void interceptDynamicTest(
            Invocation<Void> invocation, DynamicTestInvocationContext dynamic, ExtensionContext context)
            throws Throwable {
        run(invocation);
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        run(invocation);
    }

    @Override
    public void interceptAfterAllMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        run(invocation);
    }

    private static void run(Invocation<Void> invocation) throws Throwable {
        if (isFinding) {
            invocation.skip();
        } else {
            invocation.proceed();
        }
    }
}
