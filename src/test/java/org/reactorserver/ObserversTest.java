package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ObserversTest {
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

    /** Also those that are added to the interface one day. */
    @ParameterizedTest
    @MethodSource("events")
    void bothSeeEverythingInTheirOrder(Method event) throws ReflectiveOperationException {
        event.invoke(Observers.both(recorder("first", false), recorder("second", false)), arguments(event));
        String what =
                " " + event.getName() + " " + Arrays.toString(event.getParameterCount() == 0 ? null : arguments(event));
        assertThat(seen).containsExactly("first" + what, "second" + what);
    }

    @Test
    void theSecondOneSeesItIfTheFirstOneFails() {
        ServerObserver both = Observers.both(recorder("first", true), recorder("second", false));
        assertThatThrownBy(both::acceptedNone)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("first");
        assertThat(seen).containsExactly("first acceptedNone null", "second acceptedNone null");
    }

    @Test
    void whereOneSeesNothingThereIsTheOtherOneAlone() {
        ServerObserver one = new ServerObserver() {};
        assertThat(Observers.both(ServerObserver.NONE, one)).isSameAs(one);
        assertThat(Observers.both(one, ServerObserver.NONE)).isSameAs(one);
    }
}
