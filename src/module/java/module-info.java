/**
 * A TCP message server on one selector thread: {@link org.reactorserver.ReactorServer}.
 *
 * <p>What is exported without a name behind it is for everybody. The rest is for jars of the same version, and may change
 * with any: the engine for the test kit, which runs it without its thread, and texts for what may come with a server.
 */
@SuppressWarnings("module") // these are jars of their own, which most users do not have
module org.reactorserver {
    requires jdk.net;
    requires org.slf4j;

    exports org.reactorserver;
    exports org.reactorserver.framing;
    exports org.reactorserver.limit;
    exports org.reactorserver.option;
    exports org.reactorserver.wire;
    exports org.reactorserver.engine to
            org.reactorserver.testkit;
    exports org.reactorserver.session to
            org.reactorserver.testkit;
    exports org.reactorserver.text to
            org.reactorserver.admin,
            org.reactorserver.cluster;
}
