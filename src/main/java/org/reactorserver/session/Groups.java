package org.reactorserver.session;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.reactorserver.Group;
import org.reactorserver.Session;
import org.reactorserver.loop.EventLoop;

/** All sessions that are served, and groups of them by name, without empty ones. Any thread. */
public final class Groups {
    /** A session, as its groups see it. */
    interface Joined extends Members.Member {
        /** Whether anything can be sent to it still. */
        boolean isOpen();

        /** The names of its groups; null if there are none. Only groups change it, and what is in it. */
        Set<String> groups();

        /** In place of those. */
        void setGroups(Set<String> names);

        /** The groups that it can join. */
        Groups home();

        /** What was sent to it is to leave. */
        void tellLoop();
    }

    /** The sessions that are served, from onOpen to the end. */
    public final Members everyone;

    private final EventLoop loop;
    private final Function<Object, byte[]> encoding;
    private final Map<String, Members> byName = new ConcurrentHashMap<>(); // joining and leaving is guarded by this

    Groups(EventLoop loop, Function<Object, byte[]> encoding) {
        this.loop = loop;
        this.encoding = encoding;
        this.everyone = new Members(loop);
    }

    /** The sessions that are served now; changes with them. */
    public Set<Session> sessions() {
        return Collections.unmodifiableSet(everyone.all());
    }

    public Group named(String name) {
        return new Named(Objects.requireNonNull(name, "group(null): expected a name"), false);
    }

    public Group all() {
        return new Everyone(false);
    }

    /** How many groups have members. */
    public int count() {
        return byName.size();
    }

    /**
     * Publish, then check: makes it a member, then checks whether it has ended meanwhile, since then it would not leave
     * by itself.
     */
    private synchronized boolean join(String name, Joined session) {
        byName.computeIfAbsent(name, each -> new Members(loop)).add(session);
        if (session.groups() == null) {
            session.setGroups(new HashSet<>(2));
        }
        session.groups().add(name);
        if (session.isOpen()) {
            return true;
        }
        leave(name, session);
        return false;
    }

    private synchronized boolean leave(String name, Joined session) {
        Set<String> names = session.groups();
        if (names == null || !names.remove(name)) {
            return false;
        }
        if (names.isEmpty()) {
            session.setGroups(null);
        }
        Members members = byName.get(name);
        members.remove(session);
        if (members.all().isEmpty()) {
            byName.remove(name);
        }
        session.tellLoop(); // the group's letter will not find it
        return true;
    }

    /** Worker: it has ended. */
    synchronized void leaveAll(Joined session) {
        if (session.groups() != null) {
            List.copyOf(session.groups()).forEach(name -> leave(name, session));
        }
    }

    private class Named implements Group {
        private final String name;
        private final boolean skipsSlow;

        Named(String name, boolean skipsSlow) {
            this.name = name;
            this.skipsSlow = skipsSlow;
        }

        /** Null if there are none. */
        Members here() {
            return byName.get(name);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean join(Session session) {
            return Groups.this.join(name, ours("join", session));
        }

        @Override
        public boolean leave(Session session) {
            return Groups.this.leave(name, ours("leave", session));
        }

        private Joined ours(String method, Session session) {
            Objects.requireNonNull(session, () -> method + "(null): expected a session");
            if (session instanceof Joined joined && joined.home() == Groups.this) {
                return joined;
            }
            throw new IllegalArgumentException("%s: session %s is not one of this server's".formatted(method, session));
        }

        @Override
        public int size() {
            Members members = here();
            return members == null ? 0 : members.all().size();
        }

        @Override
        public List<Session> members() {
            Members members = here();
            return members == null ? List.of() : List.copyOf(members.all());
        }

        @Override
        public int send(String text) {
            return sendAny(text);
        }

        @Override
        public int send(byte[] message) {
            return sendAny(message);
        }

        private int sendAny(Object message) {
            byte[] payload = encoding.apply(message);
            Members members = here();
            return members == null ? 0 : members.send(payload, message, skipsSlow);
        }

        @Override
        public Group skippingSlow() {
            return new Named(name, true);
        }

        @Override
        public String toString() {
            return "group " + name;
        }
    }

    /** In which sessions are without having joined. */
    private final class Everyone extends Named {
        Everyone(boolean skipsSlow) {
            super("everyone", skipsSlow);
        }

        @Override
        Members here() {
            return everyone;
        }

        @Override
        public boolean join(Session session) {
            throw own("join");
        }

        @Override
        public boolean leave(Session session) {
            throw own("leave");
        }

        private static UnsupportedOperationException own(String method) {
            return new UnsupportedOperationException(
                    method + ": a session is in the group of everyone from its onOpen to its end; use group(name)");
        }

        @Override
        public Group skippingSlow() {
            return new Everyone(true);
        }
    }
}
