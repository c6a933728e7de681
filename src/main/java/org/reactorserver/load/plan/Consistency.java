package org.reactorserver.load.plan;

import org.reactorserver.framing.Framing;

/** Whether the values of a plan go together. */
final class Consistency {
    private final PlanValues plan;
    private final long mostUnderWay;

    private Consistency(PlanValues plan, long mostUnderWay) {
        this.plan = plan;
        this.mostUnderWay = mostUnderWay;
    }

    /**
     * Checks.
     *
     * @param mostUnderWay messages at a time
     * @throws IllegalArgumentException if two values do not go together; says which, and the remedy
     */
    static void check(PlanValues plan, long mostUnderWay) {
        new Consistency(plan, mostUnderWay).check();
    }

    private void check() {
        if (plan.escaped && plan.framing != Framing.chunks()) {
            throw new IllegalArgumentException("send is all that is on the wire and goes without --framing "
                    + plan.framing + "; with a framing, give --message");
        }
        if (plan.scenario == null) {
            refuseGuessing();
        } else {
            checkScenario();
        }
        checkPieces();
        if (plan.threads > plan.connections) {
            throw new IllegalArgumentException(
                    "threads " + plan.threads + " need as many connections, and there are " + plan.connections);
        }
        plan.exchange(); // refuses what stands for nothing
        long underWay = (long) plan.connections * plan.depth;
        if (underWay > mostUnderWay) {
            throw new IllegalArgumentException("depth " + plan.depth + " on " + plan.connections
                    + " connections is more than " + mostUnderWay + " messages under way; ask for fewer");
        }
        check("message", plan.message);
        check("expect", plan.expect);
        if (plan.route.unix() != null && !plan.sources.isEmpty()) {
            throw new IllegalArgumentException("source-ip goes with TCP; with --unix, leave it out");
        }
        if (plan.rateAtFirst != plan.rate && plan.messages > 0) {
            throw new IllegalArgumentException(
                    "rate that rises needs a time in which it does; give duration, and" + " not messages");
        } else if (plan.randomArrivals && !plan.isOpenModel()) {
            throw new IllegalArgumentException("arrivals poisson goes with a rate; give --rate");
        }
        if (plan.isOpenModel() && plan.thinkNanos > 0) {
            throw new IllegalArgumentException("think goes with the closed model; with a rate, leave it out");
        }
        if (plan.misbehaviour == Misbehaviour.SPLIT_UTF8
                && (plan.message == null || plan.message.chars().allMatch(c -> c < 0x80))) {
            throw new IllegalArgumentException("misbehave split-utf8 needs a message with a"
                    + " character of several bytes, as in: --message '客户端{id} {seq}'");
        }
    }

    /** What is a reply must be known, and not taken from how TCP has cut the stream. */
    private void refuseGuessing() {
        boolean any = plan.expect == null && !plan.expectEcho;
        if (any && plan.replyEnd() == null) {
            throw new IllegalArgumentException("expect any: chunk framing does not tell where a reply ends, so"
                    + " replies cannot be counted; give --framing line or length, or say it with --reply-end, as"
                    + " in --reply-end http, until:END or bytes:100");
        } else if (!any && plan.replyEnd != null) {
            throw new IllegalArgumentException("reply-end " + plan.replyEnd + " goes with --expect any");
        } else if (plan.replyEnd != null && plan.replyEnd.isNone() && !plan.isOpenModel()) {
            throw new IllegalArgumentException(
                    "reply-end none needs a rate: the closed model sends when it has received; give --rate");
        } else if (plan.greeting != null && plan.greeting.isNone()) {
            throw new IllegalArgumentException("greeting none: leave the option out if there is none");
        }
        if (plan.perConnection > 0 && plan.misbehaviour != Misbehaviour.NONE) {
            throw new IllegalArgumentException("requests-per-connection and misbehave " + plan.misbehaviour
                    + " do not go together; leave one out");
        }
    }

    private void checkPieces() {
        boolean inPieces =
                plan.misbehaviour == Misbehaviour.BYTE_AT_A_TIME || plan.misbehaviour == Misbehaviour.SPLIT_UTF8;
        boolean isFramed = plan.escaped || plan.scenario != null || plan.framing != Framing.chunks();
        if (inPieces && !isFramed && !plan.expectEcho) {
            throw new IllegalArgumentException("misbehave " + plan.misbehaviour + " with chunk framing: each piece"
                    + " may be a message for the server, which then answers more often, and is right; give"
                    + " --framing line or length, or --expect echo");
        }
    }

    private void checkScenario() {
        String problem = plan.isOpenModel() ? plan.scenario.forbidsRate() : plan.scenario.needsRate();
        if (problem != null) {
            throw new IllegalArgumentException("scenario: " + problem);
        } else if (plan.thinkNanos > 0 || plan.perConnection > 0 || plan.greeting != null) {
            throw new IllegalArgumentException("scenario: what it says, and when, is all in it; leave out think,"
                    + " requests-per-connection and greeting for: think, close and an expect in the start");
        }
    }

    private void check(String name, String text) {
        if (text == null || plan.escaped || plan.scenario != null) {
            return;
        }
        try {
            plan.framing.check(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }
}
