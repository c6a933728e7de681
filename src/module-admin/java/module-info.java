/** What may come with a server: the admin endpoint, numbers, the page, and events of the Flight Recorder. */
module org.reactorserver.admin {
    requires java.logging; // for the admin endpoint, as the next two
    requires java.management;
    requires jdk.httpserver;
    requires static jdk.jfr; // for events of the Flight Recorder
    requires transitive org.reactorserver;
    requires org.slf4j;

    exports org.reactorserver.admin;
    exports org.reactorserver.flight;
    exports org.reactorserver.metrics;
    exports org.reactorserver.page;
}
