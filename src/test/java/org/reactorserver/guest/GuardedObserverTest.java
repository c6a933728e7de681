package org.reactorserver.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactorserver.ServerObserver;

/** Several observers see everything, and one that fails has no effect. */
class GuardedObserverTest {
    private final List<String> seen = new ArrayList<>();

    private ServerObserver recorder(String name, boolean fails) {
        return (ServerObserver) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ServerObserver.class}, (self, method, arguments) -> {
                    seen.add(name + " " + method.getName() + " " + Arrays.toString(arguments));
                    if (fails) {
                        throw new IllegalStateException(name);
                    }
                    return null;
                });
    }

    static List<Method> events() {
        return Arrays.stream(ServerObserver.class.getMethods())
                .filter(Method::isDefault)
                .toList();
    }

    private static Object[] arguments(Method event) {
        return Arrays.stream(event.getParameterTypes())
                .map(type ->
                        type == int.class ? (Object) 7 : type == long.class ? 8L : type == boolean.class ? true : null)
                .toArray();
    }

    private static ServerObserver both(ServerObserver first, ServerObserver second) {
        GuardedObserver both = new GuardedObserver(List.of(first), () -> 0);
        both.add(second);
        return both;
    }

    /** Also those that are added to the interface one day. */
    @ParameterizedTest
    @MethodSource("events")
    void bothSeeEverythingInTheirOrder(Method event) throws ReflectiveOperationException {
        event.invoke(both(recorder("first", false), recorder("second", false)), arguments(event));
        String what =
                " " + event.getName() + " " + Arrays.toString(event.getParameterCount() == 0 ? null : arguments(event));
        assertThat(seen).containsExactly("first" + what, "second" + what);
    }

    @ParameterizedTest
    @MethodSource("events")
    void theSecondOneSeesItIfTheFirstOneFails(Method event) throws ReflectiveOperationException {
        event.invoke(both(recorder("first", true), recorder("second", false)), arguments(event));
        assertThat(seen).hasSize(2);
    }

    @Test
    void whereNobodyLooksNothingHappens() throws ReflectiveOperationException {
        for (Method event : events()) {
            event.invoke(new GuardedObserver(List.of(), () -> 0), arguments(event));
        }
        assertThat(seen).isEmpty();
    }
}
