/**
 * A TCP message server on one selector thread: {@link org.reactorserver.ReactorServer}.
 *
 * <p>What is exported without a name behind it is for everybody; the rest is for the test kit, which runs the engine
 * without its thread, and may change with any version.
 */
@SuppressWarnings("module") // the test kit is a jar of its own, which most users do not have
module org.reactorserver {
    requires static jdk.httpserver; // for the admin endpoint
    requires static jdk.jfr; // for events of the Flight Recorder
    requires jdk.net;
    requires org.slf4j;

    exports org.reactorserver;
    exports org.reactorserver.framing;
    exports org.reactorserver.limit;
    exports org.reactorserver.metrics;
    exports org.reactorserver.option;
    exports org.reactorserver.wire;
    exports org.reactorserver.engine to
            org.reactorserver.testkit;
    exports org.reactorserver.session to
            org.reactorserver.testkit;
}
