package org.reactorserver.load.drive;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.reactorserver.load.measure.Books;
import org.reactorserver.load.measure.ErrorKind;
import org.reactorserver.load.measure.Outstanding;
import org.reactorserver.load.protocol.Hearing;
import org.reactorserver.load.protocol.Script;
import org.reactorserver.load.protocol.Unreadable;
import org.reactorserver.loop.Timers;
import org.reactorserver.text.Printable;

/**
 * What a scenario has a connection say and hear. A reply belongs to the oldest message under way; where that cannot be
 * relied on any more, the connection is {@link #isOutOfStep out of step}, and hears nothing more. Loop only.
 */
final class ScriptTalk extends Talk {
    private final RunContext context;
    private final Books books;
    private final Outstanding outstanding;
    private final Script script;
    private final Timers.Timer pause;
    private boolean opening;
    private boolean outOfStep;
    private boolean understood; // a reply, since it has been opened
    private boolean hopeless;

    /**
     * Says nothing yet.
     *
     * @param goOn is run when a pause is over
     */
    ScriptTalk(RunContext context, Outstanding outstanding, Runnable goOn) {
        this.context = context;
        this.books = context.books;
        this.outstanding = outstanding;
        this.script = new Script(
                context.plan.scenario(), outstanding.connection, context.plan.connections(), context.plan.seed());
        this.pause = new Timers.Timer() {
            @Override
            protected void onTimer() {
                script.paused();
                Alarms.runOrDie(goOn);
            }
        };
    }

    // -- before the first message
    // --------------------------------------------------------------------

    @Override
    void startOver() {
        script.startOver();
        opening = true;
        outOfStep = false;
        understood = false;
    }

    @Override
    boolean isOpening() {
        return opening;
    }

    @Override
    byte[] opening() {
        while (opening) {
            switch (script.next()) {
                case MESSAGE -> {
                    byte[] message = script.message(0);
                    script.sent();
                    if (message.length > 0) {
                        return message;
                    }
                }
                case STARTED -> opening = false;
                default -> {
                    return null;
                }
            }
        }
        return null;
    }

    @Override
    int takeOpening(byte[] input, int from, int to) throws Unreadable {
        int end = script.take(input, from, to);
        if (end >= 0 && !script.judge()) {
            throw new Unreadable(describe(script.wrong()));
        }
        return end;
    }

    private static String describe(Hearing.Wrong wrong) {
        return "line " + wrong.line() + " of the scenario: expected " + Quotes.raw(wrong.expected()) + ", got "
                + Quotes.raw(new String(wrong.got(), StandardCharsets.UTF_8).stripTrailing());
    }

    // -- messages
    // ------------------------------------------------------------------------------------

    @Override
    boolean isReady() {
        Script.Next next = script.next();
        if (next == Script.Next.PAUSE && !pause.isArmed()) {
            context.loop.timers().arm(pause, context.time() + script.pause());
        }
        return next == Script.Next.MESSAGE;
    }

    @Override
    boolean put(long seq, ByteBuffer out) {
        byte[] message = script.message(seq);
        if (message.length > out.remaining()) {
            return false;
        }
        out.put(message);
        script.sent();
        return true;
    }

    @Override
    byte[] large(long seq) {
        byte[] message = script.message(seq);
        script.sent();
        return message;
    }

    @Override
    int length(long seq) {
        return script.length((int) (outstanding.next() - seq));
    }

    @Override
    boolean wantsToClose() {
        return !opening && script.next() == Script.Next.CLOSE;
    }

    // -- replies
    // -------------------------------------------------------------------------------------

    @Override
    void take(byte[] input, int from, int to, long now) throws Unreadable {
        int at = from;
        while (at < to && !outOfStep) {
            if (outstanding.isEmpty() || script.isOneWay()) {
                books.ledger.extra++;
                String reply = Quotes.of(new String(input, at, to - at, StandardCharsets.UTF_8));
                books.error(ErrorKind.UNEXPECTED_REPLY, () -> "connection " + outstanding.connection + ": " + reply);
                outOfStep = true;
                hopeless = !understood;
                return;
            }
            at = script.take(input, at, to);
            if (at < 0) {
                return;
            }
            judge(now);
        }
    }

    private void judge(long now) {
        if (script.judge()) {
            books.replied(outstanding, 1, now);
            understood = true;
        } else {
            String place = outstanding.place(outstanding.first());
            books.ledger.mismatched++;
            books.error(ErrorKind.MISMATCH, () -> place + ", " + Printable.escape(describe(script.wrong())));
            books.passed(outstanding);
            outOfStep = script.isOutOfStep();
            hopeless = outOfStep && !understood;
        }
    }

    @Override
    void onWritten(long now) {
        while (!outstanding.isEmpty() && script.isOneWay()) {
            script.done();
            books.replied(outstanding, 1, now);
        }
    }

    @Override
    boolean isInsideReply() {
        return script.isInsideReply();
    }

    @Override
    void onTimeout() {
        outOfStep = true;
    }

    @Override
    boolean isOutOfStep() {
        return outOfStep;
    }

    @Override
    boolean isHopeless() {
        return hopeless;
    }

    @Override
    void end() {
        opening = false;
        context.loop.timers().cancel(pause);
    }
}
