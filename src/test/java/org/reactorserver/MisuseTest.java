package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactorserver.framing.Framing;
import org.reactorserver.limit.AccessList;
import org.reactorserver.option.Option;
import org.reactorserver.testkit.RecordedSession;
import org.reactorserver.testkit.SimulatedServer;
import org.reactorserver.wire.Endpoint;
import org.reactorserver.wire.Listen;
import org.reactorserver.wire.Tls;

/** What a call cannot be given is refused there and then: what was called, what it was given, what is expected. */
class MisuseTest {
    private static ReactorServer.Builder builder() {
        return ReactorServer.builder(Framing.lines()).port(0).workers(0).handler((session, message) -> {});
    }

    private static DynamicTest refused(String message, ThrowingCallable call) {
        return DynamicTest.dynamicTest(
                message,
                () -> assertThat(catchThrowable(call))
                        .isInstanceOfAny(NullPointerException.class, IllegalArgumentException.class)
                        .hasMessage(message));
    }

    @TestFactory
    Stream<DynamicTest> ofABuilder() {
        return Stream.of(
                refused("builder(null): expected a framing", () -> ReactorServer.builder(null)),
                refused("handler(null): expected a handler", () -> builder().handler(null)),
                refused(
                        "host(null): expected a text that is not empty",
                        () -> builder().host(null)),
                refused(
                        "idleTimeout(null): expected zero or more",
                        () -> builder().idleTimeout(null)),
                refused(
                        "charset(null): expected a charset that can also encode",
                        () -> builder().charset(null)),
                refused("set(null, ...): expected an option", () -> builder().set((Option<Integer>) null, 1)),
                refused(
                        "executor(null, ...): expected an executor",
                        () -> builder().executor(null, 1)),
                refused(
                        "executor(..., 0): expected how many handlers it runs at a time, 1 or more",
                        () -> builder().executor(Runnable::run, 0)),
                refused("name(null): expected a name", () -> builder().name(null)),
                refused("observer(null): expected an observer", () -> builder().observer(null)),
                refused(
                        "clock(null): expected a clock, as System::nanoTime",
                        () -> builder().clock(null)),
                refused(
                        "selectorProvider(null): expected a provider",
                        () -> builder().selectorProvider(null)),
                refused("listen(null): expected an endpoint", () -> builder().listen((Endpoint) null)),
                refused("listen(null): expected a place", () -> builder().listen((Listen) null)),
                refused("tls(null): expected keys", () -> builder().tls((Tls) null)),
                refused("of(null): expected an SSLContext", () -> builder().tls((SSLContext) null)),
                refused("tcp(null, ...): expected a host", () -> Endpoint.tcp(null, 1)),
                refused("unix(null): expected a path", () -> Endpoint.unix((Path) null)),
                refused("delimited(null): expected bytes", () -> Framing.delimited((byte[]) null)),
                refused(
                        "lengthPrefixed(..., null): expected LITTLE_ENDIAN and the like, or nothing",
                        () -> Framing.lengthPrefixed(2, (Framing.Length) null)));
    }

    @TestFactory
    Stream<DynamicTest> ofAServer() throws Exception {
        ReactorServer server = builder().start();
        return Stream.of(
                        refused("drain(null): expected a timeout, or drain()", () -> server.drain((Duration) null)),
                        refused("drainAsync(null): expected a timeout", () -> server.drainAsync(null)),
                        refused("heartbeat(null, ...): expected a time", () -> server.heartbeat(null, () -> {})),
                        refused(
                                "heartbeat(..., null): expected what to do",
                                () -> server.heartbeat(Duration.ofSeconds(1), null)),
                        refused("observe(null): expected an observer", () -> server.observe(null)),
                        refused(
                                "setClients(null): expected an access list",
                                () -> server.setClients((AccessList) null)),
                        refused("group(null): expected a name", () -> server.group(null)),
                        refused(
                                "join(null): expected a session",
                                () -> server.group("room").join(null)))
                .onClose(server::close);
    }

    @TestFactory
    Stream<DynamicTest> ofATest() {
        return Stream.of(
                refused(
                        "attachment(null): expected a class, or attachment() without one",
                        () -> new RecordedSession().attachment(null)),
                refused("seeds(0): expected 1 or more, else nothing is checked", () -> SimulatedServer.seeds(0)),
                refused(
                        "shared(HashMap.class, ...): expected an interface, such as Map.class or Set.class",
                        () -> SimulatedServer.shared(HashMap.class, new HashMap<>())),
                refused("shared(..., null): expected what is shared", () -> SimulatedServer.shared(Map.class, null)));
    }
}
