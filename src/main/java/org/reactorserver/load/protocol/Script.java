package org.reactorserver.load.protocol;

import java.util.ArrayDeque;
import java.util.List;

/**
 * How far one connection is in its scenario: which message is next, and what the replies to those under way are to be.
 * Knows no socket and no clock. Loop only.
 *
 * <p>After {@link #startOver} come the steps of the start, until {@link #next} says {@link Next#STARTED}; then one flow
 * after the other, for ever.
 */
public final class Script {
    /** What is to be done next. */
    public enum Next {
        /** {@link #message} is to be sent, and then {@link #sent} to be called. */
        MESSAGE,
        /** Nothing, until a reply to something under way has come. */
        REPLY,
        /** Nothing for {@link #pause}, and then {@link #paused} is to be called. */
        PAUSE,
        /** The connection is to be ended and opened again. */
        CLOSE,
        /** The start is through: from now on come the flows. */
        STARTED
    }

    private final Scenario scenario;
    private final Values values;
    private final int connections;
    private final ArrayDeque<Sent> underWay = new ArrayDeque<>();
    private final Hearing hearing;
    private int awaited; // replies: of those under way, the messages that have one
    private List<Scenario.Step> steps = List.of();
    private int at; // the next of them
    private boolean starting;
    private long run; // the flow that it is in, from 1
    private long nextSeq = 1; // of the next message that is no part of the start
    private byte[] message; // the next one; null until it is made

    /**
     * The script of one connection.
     *
     * @param connection its number, from 1
     * @param connections how many there are
     * @param seed the same says the same
     */
    public Script(Scenario scenario, long connection, int connections, long seed) {
        this.scenario = scenario;
        this.values = new Values(connection, scenario.names(), scenario.tables().size(), seed);
        this.connections = connections;
        this.hearing = new Hearing(values);
    }

    /** A connection has been opened, for the first time or again. */
    public void startOver() {
        steps = scenario.start();
        at = 0;
        starting = true;
        message = null;
        underWay.clear();
        awaited = 0;
        hearing.startOver();
    }

    // -- what is said
    // --------------------------------------------------------------------------------

    /** Goes on as far as it can. */
    public Next next() {
        while (true) {
            if (at == steps.size()) {
                if (starting && underWay.isEmpty()) {
                    starting = false;
                    return Next.STARTED;
                } else if (starting) {
                    return Next.REPLY;
                }
                beginFlow();
            }
            Scenario.Step step = steps.get(at);
            if (step instanceof Scenario.Send send) {
                boolean alone = starting || send.waits() || send.reply().isNone();
                return awaited < (alone ? 1 : scenario.pipeline()) ? Next.MESSAGE : Next.REPLY;
            } else if (!underWay.isEmpty() && !(step instanceof Scenario.Let let && !let.waits())) {
                return Next.REPLY;
            } else if (step instanceof Scenario.Think) {
                return Next.PAUSE;
            } else if (step instanceof Scenario.Close) {
                return Next.CLOSE;
            } else if (step instanceof Scenario.Let let) {
                values.seq = starting ? 0 : nextSeq;
                values.named[let.slot()] = let.text().render(values);
                at++;
            }
        }
    }

    private void beginFlow() {
        steps = scenario.flow(values.random.nextDouble()).steps();
        at = 0;
        List<Scenario.Table> tables = scenario.tables();
        for (int i = 0; i < tables.size(); i++) {
            List<byte[][]> records = tables.get(i).records();
            long turn = values.connection - 1 + run * connections; // so that no two take the same at a time
            int record = tables.get(i).random()
                    ? values.random.nextInt(records.size())
                    : (int) Math.floorMod(turn, (long) records.size());
            values.records[i] = records.get(record);
        }
        run++;
    }

    /** The next message, the same until {@link #sent} is called; not to be changed. */
    public byte[] message(long seq) {
        if (message == null) {
            values.seq = seq;
            message = ((Scenario.Send) steps.get(at)).text().render(values);
        }
        return message;
    }

    /** The next message is under way. */
    public void sent() {
        Scenario.Send send = (Scenario.Send) steps.get(at++);
        Expectation reply = send.reply();
        byte[] exact = reply.exact() == null ? null : reply.exact().render(values);
        List<Check.Ready> checks =
                reply.checks().stream().map(check -> check.with(values)).toList();
        if (!starting || !reply.isNone()) {
            awaited += reply.isNone() ? 0 : 1;
            underWay.add(new Sent(reply, exact, checks, message.length, run, send.line()));
        }
        nextSeq += starting ? 0 : 1;
        message = null;
    }

    /** How long the pause is, in nanoseconds. */
    public long pause() {
        Scenario.Think think = (Scenario.Think) steps.get(at);
        return think.exponential()
                ? Math.round(-Math.log(1 - values.random.nextDouble()) * think.nanos())
                : think.nanos();
    }

    /** The pause is over. */
    public void paused() {
        at++;
    }

    // -- what is heard
    // -------------------------------------------------------------------------------

    /** Whether the oldest message under way has no reply. */
    public boolean isOneWay() {
        return !underWay.isEmpty() && underWay.peek().expectation().isNone();
    }

    /** The oldest message under way, which has no reply, is done with. */
    public void done() {
        underWay.remove();
    }

    /**
     * Takes bytes of the reply to the oldest message under way.
     *
     * @return the index behind its last byte; or -1 if all bytes are of it and it goes on
     * @throws Unreadable if no such reply can be like that
     */
    public int take(byte[] input, int from, int to) throws Unreadable {
        return hearing.take(underWay.peek(), input, from, to);
    }

    /** Whether a reply has begun and not ended. */
    public boolean isInsideReply() {
        return hearing.hasBegun();
    }

    /** Whether the reply that has just ended was right; if it was not, the rest of its flow is left out. */
    public boolean judge() {
        Sent answered = underWay.remove();
        awaited--;
        boolean right = hearing.isRight(answered);
        if (!right && answered.run() == run && !starting) {
            at = steps.size();
            message = null;
        }
        return right;
    }

    /** What was wrong with the reply that was judged last, for a person: what was expected, and its first bytes. */
    public Hearing.Wrong wrong() {
        return hearing.wrong();
    }

    /** Whether it is not known where the reply ends that was judged last. */
    public boolean isOutOfStep() {
        return hearing.isOutOfStep();
    }

    /** How many bytes the last message under way has, or the last but one, and so on, from 1. */
    public int length(int fromEnd) {
        return underWay.stream()
                .skip(underWay.size() - fromEnd)
                .findFirst()
                .orElseThrow()
                .length();
    }
}
