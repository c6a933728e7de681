package org.reactorserver.helper;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.reactorserver.GroupBus;
import org.reactorserver.MessageHandler;
import org.reactorserver.ReactorServer;
import org.reactorserver.Session;
import org.reactorserver.cluster.ClusterListener;
import org.reactorserver.cluster.ClusterStats;
import org.reactorserver.cluster.SharedGroup;
import org.reactorserver.cluster.SharedGroups;
import org.reactorserver.framing.Framing;

/**
 * One of several servers in this process, whose clients are all in the shared group "room" and answered "in" once they are;
 * it keeps what its listener was told.
 */
public final class Instance implements AutoCloseable {
    public static final Duration HEARTBEAT = Duration.ofMillis(50);

    public final List<String> told = new CopyOnWriteArrayList<>();
    public final ReactorServer server;
    public final SharedGroups shared;
    public final SharedGroup room;
    private final List<Caller> callers = new ArrayList<>();

    public Instance(String name, GroupBus bus) throws IOException {
        this(name, SharedGroups.over(bus).deadline(Duration.ofSeconds(60)));
    }

    public Instance(String name, SharedGroups.Builder sharing) throws IOException {
        server = ReactorServer.builder(Framing.lines())
                .host("127.0.0.1")
                .port(0)
                .handler(new MessageHandler() {
                    @Override
                    public void onMessage(Session session, String message) {
                        room.join(session);
                        session.send("in");
                    }
                })
                .start();
        shared =
                sharing.name(name).heartbeat(HEARTBEAT).listener(new Recorder()).start(server);
        room = shared.group("room");
    }

    /** Another client, which is a member when this returns. */
    public Caller member() throws IOException {
        Caller caller = new Caller(new InetSocketAddress("127.0.0.1", server.port()));
        callers.add(caller);
        caller.send("join\n");
        if (!"in".equals(caller.line())) {
            throw new AssertionError("not let in");
        }
        return caller;
    }

    /** Waits until this group has so many members on this instance, as seen from here. */
    public void awaitMembers(Instance other, int members) {
        Await.until(
                other.shared.name() + " has " + members + " members",
                ChildProcess.PATIENCE,
                () -> members == room.everywhere().getOrDefault(other.shared.name(), 0));
    }

    /** Waits until the bus is there after it has gone so many times. */
    public void awaitBackAfter(int interruptions) {
        Await.until("the bus is back, not " + told, ChildProcess.PATIENCE, () -> {
            ClusterStats stats = shared.stats();
            return stats.interruptions() == interruptions && stats.busUp();
        });
    }

    public void awaitTold(String line) {
        Await.until(line + ", not " + told, ChildProcess.PATIENCE, () -> told.contains(line));
    }

    @Override
    public void close() throws IOException {
        shared.close();
        for (Caller caller : callers) {
            caller.close();
        }
        server.drain(Duration.ZERO);
    }

    private final class Recorder implements ClusterListener {
        @Override
        public void busUp() {
            told.add("bus up");
        }

        @Override
        public void busDown(String why) {
            told.add("bus down: " + why);
        }

        @Override
        public void instanceCame(String name) {
            told.add(name + " came");
        }

        @Override
        public void instanceLeft(String name) {
            told.add(name + " left");
        }

        @Override
        public void missed(String group, String instance, long messages) {
            told.add(group + " missed " + messages + " of " + instance);
        }
    }
}
