package org.reactorserver.sim;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A planted bug: one piece of the production code, which must be there exactly once, and what takes its
 * place.
 *
 * @param name what is wrong then
 * @param file below {@code src/main/java/org/reactorserver}, without the ending
 */
record Mutation(String name, String file, String code, String instead) {

    /** Each of these must be caught by some seed. */
    static final List<Mutation> ALL = List.of(
            // loop
            new Mutation("a poster does not wake the loop", "loop/EventLoop", "selector.wakeup();", ""),
            new Mutation(
                    "nobody asks whether the loop is asleep",
                    "loop/Mailbox",
                    "return asleep && ASLEEP.compareAndSet(this, true, false);",
                    "return false;"),
            new Mutation(
                    "the loop falls asleep without a second look",
                    "loop/Mailbox",
                    "if (head == null) {\n            return true;",
                    "if (true) {\n            return true;"),
            new Mutation("a delivered letter cannot be posted again", "loop/EventLoop", "letter.unstamp();", ""),
            new Mutation(
                    "an interrupt is not cleared",
                    "loop/EventLoop",
                    "if (Thread.interrupted())",
                    "if (Thread.currentThread().isInterrupted())"),
            new Mutation(
                    "a broken selector is not noticed",
                    "loop/EventLoop",
                    "if (++spuriousSelects < SPURIOUS_LIMIT)",
                    "if (true)"),
            new Mutation(
                    "a new selector watches nothing",
                    "loop/EventLoop",
                    "register(key.channel(), ops, pollable);",
                    "register(key.channel(), 0, pollable);"),
            new Mutation(
                    "a new selector is trusted to watch what the old one did",
                    "Connection",
                    "            onWatchedAnew();\n            touch();",
                    ""),
            new Mutation(
                    "a new selector is trusted to watch the listener",
                    "Acceptor",
                    "        this.key = key;\n        armWatch(WATCH_MILLIS);",
                    "        this.key = key;"),
            new Mutation(
                    "a listener that had to pause is trusted to be watched",
                    "Acceptor",
                    "key.interestOps(SelectionKey.OP_ACCEPT);\n            armWatch(WATCH_MILLIS);",
                    "key.interestOps(SelectionKey.OP_ACCEPT);"),
            new Mutation(
                    "a session that had to pause is trusted to be watched",
                    "Connection",
                    "if (interest == 0) {\n onWatchedAnew();\n }",
                    ""),
            new Mutation(
                    "a session whose replies nobody asks for is not watched anew",
                    "Connection",
                    "} else if (!watched && !isReady && !isClosed()) {\n            reactor.loop.watchAnew(key);",
                    "} else if (false) {"),
            new Mutation(
                    "the time of the handlers goes unnoticed",
                    "loop/EventLoop",
                    "handOff.handOff();\n            now = clock.getAsLong();",
                    "handOff.handOff();"),
            new Mutation(
                    "the heap of timers is not repaired",
                    "loop/Timers",
                    "            siftUp(place);\n            siftDown(last.place);",
                    ""),
            // accepting
            new Mutation(
                    "a failed accept is not tried again",
                    "Acceptor",
                    "loop.timers().arm(retry, loop.now() + RETRY_MILLIS * NANOS_PER_MILLI);",
                    ""),
            new Mutation("a failed accept is tried again at once", "Acceptor", "key.interestOps(0);", ""),
            new Mutation(
                    "the drain forgets those who have connected",
                    "Acceptor",
                    "accept(reactor.settings.backlog + 1);",
                    ""),
            // admission
            new Mutation("the place of a session is not freed", "Admission", "        occupied--;\n", ""),
            new Mutation(
                    "a gap does not end",
                    "Admission",
                    "            gaps.remove(this);\n            freePlace();",
                    "            gaps.remove(this);"),
            new Mutation(
                    "who leaves the queue is served all the same",
                    "Admission",
                    "            waiting.remove(connection);\n            counters",
                    "            counters"),
            new Mutation(
                    "the last in the queue is served first",
                    "Admission",
                    "Connection next = waiting.iterator().next();",
                    "Connection next = waiting.stream().reduce((a, b) -> b).get();"),
            // reading
            new Mutation(
                    "what is left over is not decoded when there is room",
                    "Connection",
                    "            decodeRest();\n            write();",
                    "            write();"),
            new Mutation(
                    "what is left over is dropped at the end of the stream",
                    "Connection",
                    "            endInput(CloseReason.END_OF_STREAM);",
                    "            endInput(CloseReason.END_OF_STREAM);\n            inbox.clear(reactor.decoder);"),
            new Mutation(
                    "reading goes on with a full lane",
                    "Connection",
                    "reason == null && !inbox.mayHoldMessages() &&",
                    "reason == null &&"),
            new Mutation("reading goes on with a full outbox", "Connection", " && !session.isOverHighWater();", ";"),
            new Mutation(
                    "reading goes on at the end of the stream",
                    "Connection",
                    "case DRAINING, CLOSED, GONE -> false;",
                    "case DRAINING -> true; case CLOSED, GONE -> false;"),
            new Mutation(
                    "a cut message is handled",
                    "Connection",
                    "if (inbox.isIncomplete() && reason == CloseReason.END_OF_STREAM)",
                    "if (false)"),
            new Mutation(
                    "the search for a line's end skips bytes",
                    "framing/Decoder",
                    "left.searched = input.searched - input.from;",
                    "left.searched = input.searched;"),
            new Mutation(
                    "what follows a refused message is read",
                    "Connection",
                    "        overtake(why);\n        inbox.clear(reactor.decoder);\n        session",
                    "        overtake(why);\n        session"),
            // handling
            new Mutation("two workers take the same session", "Lane", "if (scheduled || (arrived", "if ((arrived"),
            new Mutation(
                    "a batch that was interrupted is not taken up again",
                    "Lane",
                    "(arrived == null && batch == null)",
                    "arrived == null"),
            new Mutation(
                    "the worker does not tell that it is done",
                    "ServedSession",
                    "lane.release();\n            tellLoop();",
                    "lane.release();"),
            new Mutation(
                    "the worker tells that it is done before it is",
                    "ServedSession",
                    "lane.release();\n            tellLoop();",
                    "tellLoop();\n            reactor.clock.getAsLong(); // a pause\n            lane.release();"),
            new Mutation(
                    "a worker that is slow to begin is not watched",
                    "Workers",
                    "return idle.size() < turns.size();",
                    "return turns.stream().anyMatch(turn -> turn.session != null);"),
            new Mutation("a worker without work is forgotten", "Workers", "idle.push(this);", ""),
            new Mutation(
                    "what was read of a lost peer is not handled",
                    "Connection",
                    "if (why != CloseReason.CONNECTION_LOST) {",
                    "if (true) {"),
            new Mutation(
                    "a handler's failure ends nothing",
                    "ServedSession",
                    "        request(CloseReason.HANDLER_FAILED);\n",
                    ""),
            // writing
            new Mutation(
                    "a short write is not resumed", "Connection", "(writePending ? SelectionKey.OP_WRITE : 0)", "0"),
            new Mutation(
                    "it waits to write when there is nothing to write",
                    "Connection",
                    "(writePending ? SelectionKey.OP_WRITE : 0)",
                    "SelectionKey.OP_WRITE"),
            new Mutation("a short write is begun anew", "Outbox", "        offset = left;", "        offset = 0;"),
            new Mutation(
                    "the outbox has no limit",
                    "Outbox",
                    "if (bytes > highWater && bytes + length > limit)",
                    "if (false)"),
            new Mutation("a closed outbox takes replies", "Outbox", "        if (shut) {", "        if (false) {"),
            new Mutation(
                    "the bytes of closed sessions stay in the sum",
                    "Connection",
                    "        accountStuckBytes(0);\n",
                    ""),
            new Mutation(
                    "the server's memory for replies has no limit",
                    "Connection",
                    "if (grew && !withinBudget)",
                    "if (false)"),
            new Mutation(
                    "the server's memory for requests has no limit",
                    "Connection",
                    "reactor.decoder.held() > reactor.settings.requestMemory",
                    "false"),
            new Mutation(
                    "what a session held stays in the sum when it ends",
                    "Inbox",
                    "        decoder.drop(residue);\n",
                    ""),
            new Mutation(
                    "a reply from another thread is not told to the loop",
                    "ServedSession",
                    "if (Thread.currentThread()\n                        != worker) {",
                    "if (false) {"),
            // ending
            new Mutation(
                    "a session is closed before its replies are written",
                    "Connection",
                    "session.lane.isIdle() && session.outbox.shutIfEmpty()",
                    "session.lane.isIdle()"),
            new Mutation(
                    "a session is closed before its messages are handled",
                    "Connection",
                    "session.lane.isIdle() && session.outbox.shutIfEmpty()",
                    "session.outbox.shutIfEmpty()"),
            new Mutation(
                    "a lingering session takes replies",
                    "Outbox",
                    "        shut |= bytes == 0;\n        return shut;",
                    "        return bytes == 0;"),
            new Mutation("nobody lingers", "Connection", "if (peerEnded || reactor", "if (true || reactor"),
            new Mutation("the deadline is not set", "Connection", "            armDeadline();\n", ""),
            new Mutation(
                    "a deadline that came too early is not set again",
                    "Connection",
                    "                onFailure(e);\n            }\n            touch();",
                    "                onFailure(e);\n            }"),
            new Mutation(
                    "a late loop cuts off who would have taken his replies",
                    "Connection",
                    "isReady(key);\n        write();\n",
                    "isReady(key);\n"),
            new Mutation(
                    "the last reason wins",
                    "Connection",
                    "        if (reason == null) {\n            reason = why;\n        }",
                    "        reason = why;"),
            new Mutation(
                    "a failure after the end of the stream is hidden",
                    "Connection",
                    "        if (wasInOrder && state",
                    "        if (false && state"),
            new Mutation(
                    "a failure in the last pass is hidden",
                    "Connection",
                    "                overtake(session.requested());\n",
                    ""),
            new Mutation(
                    "a session that is not watched is forgotten",
                    "Connection",
                    "(!mayBeUnwatched() || !readUnasked()) && inbox",
                    "!mayBeUnwatched() && inbox"),
            new Mutation(
                    "the handler is not told of the end",
                    "Connection",
                    "if (served && reactor.settings.handlesClose)",
                    "if (false)"),
            new Mutation(
                    "the drain does not end at its deadline",
                    "Reactor",
                    "            });\n            loop.stop();",
                    "            });"),
            new Mutation(
                    "the drain forgets the messages that wait",
                    "Reactor",
                    "notHandled - messagesDroppedBefore",
                    "counters.messagesDropped.sum() - messagesDroppedBefore"),
            new Mutation(
                    "messages of lost peers are handled after the drain",
                    "Reactor",
                    "            cutOff = true;",
                    "            //"),
            new Mutation(
                    "the counters forget a closed session",
                    "Connection",
                    "        reactor.counters.closed(reason);\n",
                    ""));

    /** A word, a number, a string or one other character; white space between them does not matter. */
    private static final Pattern TOKEN = Pattern.compile("\\w+|\"(?:\\\\.|[^\"])*\"|\\S");

    /** The whole file with the bug in it: the code is found by its tokens, however it is laid out. */
    String applyTo(String source) {
        List<MatchResult> tokens = tokens(source);
        List<String> wanted = tokens(code).stream().map(MatchResult::group).toList();
        int found = -1;
        for (int i = 0; i + wanted.size() <= tokens.size(); i++) {
            if (matches(tokens, i, wanted)) {
                if (found >= 0) {
                    throw new AssertionError("\"%s\" is more than once in %s".formatted(name, file));
                }
                found = i;
            }
        }
        if (found < 0) {
            throw new AssertionError("\"%s\" is nowhere in %s".formatted(name, file));
        }
        int start = tokens.get(found).start();
        int end = tokens.get(found + wanted.size() - 1).end();
        return source.substring(0, start) + instead + source.substring(end);
    }

    private static List<MatchResult> tokens(String text) {
        return TOKEN.matcher(text).results().toList();
    }

    private static boolean matches(List<MatchResult> tokens, int from, List<String> wanted) {
        for (int i = 0; i < wanted.size(); i++) {
            if (!tokens.get(from + i).group().equals(wanted.get(i))) {
                return false;
            }
        }
        return true;
    }
}
