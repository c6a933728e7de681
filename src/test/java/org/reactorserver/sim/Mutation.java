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
                    "return asleep.get() && asleep.compareAndSet(true, false);",
                    "return false;"),
            new Mutation(
                    "the loop falls asleep without a second look",
                    "loop/Mailbox",
                    "if (isEmpty()) {\n            return true;",
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
                    "loop/Watched",
                    "public void onRegistered(SelectionKey key) {\n        proof = Proof.NONE;",
                    "public void onRegistered(SelectionKey key) {"),
            new Mutation(
                    "a new selector is trusted to watch the listener",
                    "engine/Listener",
                    "super.onRegistered(key);\n        armProbe(PROBE_MILLIS);",
                    "super.onRegistered(key);"),
            new Mutation(
                    "a listener that had to pause is trusted to be watched",
                    "engine/Listener",
                    "ask(SelectionKey.OP_ACCEPT);\n            armProbe(PROBE_MILLIS);",
                    "ask(SelectionKey.OP_ACCEPT);"),
            new Mutation(
                    "a session that had to pause is trusted to be watched",
                    "loop/Watched",
                    "if (anew) {\n            proof = Proof.NONE;",
                    "if (false) {"),
            new Mutation(
                    "a session whose replies nobody asks for is not watched anew",
                    "engine/Alarm",
                    "} else if (!of.isProven() && !isReady && !of.life.isClosed()) {\n            of.watchAnew();",
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
                    "engine/Listener",
                    "loop.timers().arm(retry, loop.now() + RETRY_MILLIS * NANOS_PER_MILLI);",
                    ""),
            new Mutation("a failed accept is tried again at once", "engine/Listener", "ask(0);", ""),
            new Mutation(
                    "the drain forgets those who have connected",
                    "engine/Listener",
                    "accept(Math.max(shared.settings.backlog, shared.settings.backlog + 1));",
                    ""),
            new Mutation(
                    "only the first listener is watched",
                    "engine/Engine",
                    "loop.register(bounds.get(i).channel(), SelectionKey.OP_ACCEPT, listener);",
                    "loop.register(bounds.get(i).channel(), i == 0 ? SelectionKey.OP_ACCEPT : 0, listener);"),
            new Mutation(
                    "the drain closes the first listener only",
                    "engine/Drain",
                    "for (Listener listener : listeners) {",
                    "for (Listener listener : listeners.subList(0, 1)) {"),
            // arriving
            new Mutation(
                    "who has arrived is not let in",
                    "engine/Arriving",
                    "shared.admission.hear(this);\n            arrive();",
                    "shared.admission.hear(this);"),
            new Mutation(
                    "who is in front of a proxy is taken for the proxy",
                    "engine/Door",
                    "proxied.header().client(sender)",
                    "sender"),
            new Mutation(
                    "the access list is asked for the proxy",
                    "engine/Arriving",
                    "shared.admission.objection(address(), now());",
                    "null;"),
            new Mutation(
                    "a proxy's health check is a client's connection",
                    "engine/Arriving",
                    "isProxys = Door.isOwn(transport);",
                    ""),
            new Mutation(
                    "there is no header where one is demanded",
                    "engine/Door",
                    "listen.proxy() ? new ProxyTransport(socket) : socket",
                    "socket"),
            new Mutation("nobody speaks TLS", "engine/Door", "keys == null ? begun", "true ? begun"),
            new Mutation(
                    "what a task of TLS has done is not looked at",
                    "engine/Arriving",
                    "() -> shared.loop.post(this)",
                    "() -> {}"),
            new Mutation(
                    "what a transport holds is not read",
                    "engine/Connection",
                    "if (transport.holdsInput() && wantsInput()) {\n                read();",
                    "if (false) {\n                read();"),
            new Mutation(
                    "what a transport still holds is not read",
                    "engine/Connection",
                    "touch(); // no event will announce it",
                    ""),
            new Mutation(
                    "what a transport holds is not written",
                    "engine/Connection",
                    "|| transport.holdsOutput() || output.isBlocked();",
                    ";"),
            new Mutation(
                    "it waits for what has left while it was read",
                    "engine/Connection",
                    "transport.holdsOutput() || output.isBlocked();",
                    "transport.holdsOutput();"),
            new Mutation(
                    "a stream is ended before what the transport holds is written",
                    "engine/Connection",
                    "output.block(now()); // it holds what has to leave before the end",
                    "life.to(LINGERING, now());"),
            new Mutation(
                    "output that is broken is mended by what the transport holds",
                    "engine/Output",
                    "if (!isBroken()) {",
                    "if (true) {"),
            new Mutation(
                    "a part of a record that was taken does not count",
                    "engine/Output",
                    "taken |= transport.unsent() < held;",
                    "taken |= held > 0 && transport.unsent() == 0;"),
            new Mutation(
                    "there is all the time in the world to arrive",
                    "engine/Deadline",
                    "of.life.is(SessionState.ARRIVING) && of.asked() != 0",
                    "false"),
            new Mutation("who arrives too late is let go on", "engine/Alarm", "of.onFailure(of.tooLate());", ""),
            new Mutation(
                    "a stream that was cut off ended in order",
                    "engine/Connection",
                    "isCutOff ? CloseReason.TRUNCATED_STREAM : CloseReason.END_OF_STREAM",
                    "CloseReason.END_OF_STREAM"),
            new Mutation(
                    "who leaves while it arrives is forgotten",
                    "engine/Connection",
                    "life.is(LINGERING) || life.is(ARRIVING) || (life.is(WAITING) && input",
                    "life.is(LINGERING) || (life.is(WAITING) && input"),
            new Mutation(
                    "replies that were refused were lost",
                    "engine/Connection",
                    "boolean isRefused = transport.end() == Transport.End.BOTH_WAYS;",
                    "boolean isRefused = false;"),
            new Mutation(
                    "TLS that failed is a lost connection",
                    "engine/Life",
                    "case RENEGOTIATION, RECORD -> CloseReason.TLS_FAILED;",
                    "case RENEGOTIATION, RECORD -> CloseReason.CONNECTION_LOST;"),
            new Mutation(
                    "who is refused is not told to the observer",
                    "engine/Connection",
                    "shared.counters.refused.increment();\n            shared.observer.refused(session.remoteAddress(), reason);",
                    "shared.counters.refused.increment();"),
            new Mutation(
                    "who arrives takes up no room",
                    "session/Admission",
                    "(arriving > 1 && open + arriving > maxConnections)",
                    "false"),
            new Mutation(
                    "who has arrived keeps the room of those that arrive",
                    "session/Admission",
                    "void enter(Guest guest) {\n        silent.remove(guest);\n        speaking.remove(guest);",
                    "void enter(Guest guest) {\n        silent.remove(guest);"),
            new Mutation(
                    "who leaves keeps the room of those that arrive",
                    "session/Admission",
                    "if (!seat.isAdmitted()) {\n            silent.remove(guest);\n            speaking.remove(guest);",
                    "if (!seat.isAdmitted()) {"),
            new Mutation(
                    "an address is counted by those that are admitted",
                    "session/Admission",
                    "perAddress.merge(key.of(guest.address()), 1, Integer::sum);",
                    ""),
            new Mutation(
                    "the memory of an arriving connection is not given back",
                    "engine/Connection",
                    "if (!seat.isAdmitted()) { // the peer cannot be told, or has got the error already\n            abort(why);\n            return;",
                    "if (false) {\n            return;"),
            new Mutation(
                    "the drain waits for arriving connections",
                    "engine/Connection",
                    "life.is(ARRIVING) ? shared.phase == Shared.Phase.CLOSING :",
                    "life.is(ARRIVING) ? false :"),
            // admission
            new Mutation("the place of a session is not freed", "session/Admission", "        occupied--;\n", ""),
            new Mutation(
                    "a gap does not end",
                    "session/Admission",
                    "            gaps.remove(this);\n            freePlace();",
                    "            gaps.remove(this);"),
            new Mutation(
                    "who leaves the queue is served all the same",
                    "session/Admission",
                    "if (!seat.isServed()) {\n            waiting.remove(guest);",
                    "if (!seat.isServed()) {"),
            new Mutation(
                    "the last in the queue is served first",
                    "session/Admission",
                    "Guest next = waiting.iterator().next();",
                    "Guest next = waiting.stream().reduce((a, b) -> b).get();"),
            // reading
            new Mutation(
                    "who is refused and not settled yet is read on",
                    "engine/Connection",
                    "(readyOps & SelectionKey.OP_READ) != 0 && wantsInput()",
                    "(readyOps & SelectionKey.OP_READ) != 0"),
            new Mutation(
                    "what is left over is not decoded when there is room",
                    "engine/Connection",
                    "decodeRest();\n            takeInLast();",
                    "takeInLast();"),
            new Mutation(
                    "what is left over is dropped at the end of the stream",
                    "engine/Connection",
                    "life.end(isCutOff ? CloseReason.TRUNCATED_STREAM : CloseReason.END_OF_STREAM);",
                    "life.end(isCutOff ? CloseReason.TRUNCATED_STREAM : CloseReason.END_OF_STREAM);\n            input.clear(shared.decoder);"),
            new Mutation(
                    "reading goes on with a full lane",
                    "engine/Parts",
                    "(!input.mayHoldMessages() && laneRoom() > 0 && session.mayHandle())",
                    "session.mayHandle()"),
            new Mutation(
                    "reading goes on with a full outbox",
                    "engine/Parts",
                    "laneRoom() > 0 && session.mayHandle()));",
                    "laneRoom() > 0));"),
            new Mutation(
                    "reading goes on at the end of the stream",
                    "engine/Parts",
                    "case DRAINING, CLOSED, GONE -> false;",
                    "case DRAINING -> true; case CLOSED, GONE -> false;"),
            new Mutation(
                    "a cut message is handled",
                    "engine/Connection",
                    "if (input.isIncomplete()) {\n life.truncate();",
                    "if (false)"),
            new Mutation(
                    "the search for a line's end skips bytes",
                    "framing/Decoder",
                    "left.searched = input.searched - input.from;",
                    "left.searched = input.searched;"),
            new Mutation(
                    "what follows a refused message is read",
                    "engine/Connection",
                    "input.clear(shared.decoder);\n        if (isNews) {",
                    "if (isNews) {"),
            // handling
            new Mutation(
                    "two workers take the same session",
                    "crossing/Lane",
                    "if (scheduled || isEmpty())",
                    "if (isEmpty())"),
            new Mutation(
                    "a batch that was interrupted is not taken up again",
                    "crossing/Lane",
                    "arrived == null && batch == null && events == null && urgent == null",
                    "arrived == null && events == null && urgent == null"),
            new Mutation(
                    "the worker does not tell that it is done",
                    "session/ServedSession",
                    "lane.release(weight);\n            tellLoop();",
                    "lane.release(weight);"),
            new Mutation(
                    "the worker tells that it is done before it is",
                    "session/ServedSession",
                    "lane.release(weight);\n            tellLoop();",
                    "tellLoop();\n            shared.clock.getAsLong(); // a pause\n            lane.release(weight);"),
            new Mutation(
                    "a worker that is slow to begin is not watched",
                    "crossing/Workers",
                    "return busy() == 0 && !isWanted();",
                    "return running() == 0 && !isWanted();"),
            new Mutation(
                    "what was read of a lost peer is not handled",
                    "engine/Connection",
                    "if (!isLost) {",
                    "if (true) {"),
            new Mutation(
                    "a handler's failure ends nothing",
                    "session/ServedSession",
                    "        request(CloseReason.HANDLER_FAILED);\n",
                    ""),
            // writing
            new Mutation(
                    "a short write is not resumed",
                    "engine/Parts",
                    "wantsInput(), output.isBlocked()",
                    "wantsInput(), false"),
            new Mutation(
                    "it waits to write when there is nothing to write",
                    "engine/Parts",
                    "wantsInput(), output.isBlocked()",
                    "wantsInput(), true"),
            new Mutation(
                    "a short write is begun anew", "crossing/Outbox", "        offset = left;", "        offset = 0;"),
            new Mutation(
                    "the outbox has no limit",
                    "crossing/Outbox",
                    "if (cost > highWater && cost + added > limit)",
                    "if (false)"),
            new Mutation(
                    "a closed outbox takes replies", "crossing/Outbox", "        if (shut) {", "        if (false) {"),
            new Mutation(
                    "the bytes of closed sessions stay in the sum",
                    "engine/Parts",
                    "shared.replies.change(replyCost, replyCost = session.outbox.cost());",
                    "if (!life.isClosed()) {\n            shared.replies.change(replyCost, replyCost = session.outbox.cost());\n        }"),
            new Mutation(
                    "the server's memory for replies has no limit",
                    "session/Shared",
                    "new Budget(settings.replyMemory,",
                    "new Budget(Long.MAX_VALUE / 2,"),
            new Mutation(
                    "the server's memory for requests has no limit",
                    "session/Shared",
                    "new Budget(settings.requestMemory,",
                    "new Budget(Long.MAX_VALUE / 2,"),
            new Mutation(
                    "what a session held stays in the sum when it ends",
                    "engine/Input",
                    "        decoder.drop(residue);\n",
                    ""),
            new Mutation(
                    "a reply from another thread is not told to the loop",
                    "session/Sending",
                    "Thread.currentThread() != worker || outbox.cost()",
                    "outbox.cost()"),
            // ending
            new Mutation(
                    "a session is closed before its replies are written",
                    "engine/Connection",
                    "session.isAtRest() && !transport.holdsOutput() && session.outbox.shutIfEmpty()",
                    "session.isAtRest()"),
            new Mutation(
                    "a session is closed before its messages are handled",
                    "engine/Connection",
                    "session.isAtRest() && !transport.holdsOutput() && session.outbox.shutIfEmpty()",
                    "!transport.holdsOutput() && session.outbox.shutIfEmpty()"),
            new Mutation(
                    "a lingering session takes replies",
                    "crossing/Outbox",
                    "shut |= cost == 0;\n        return shut;",
                    "return cost == 0;"),
            new Mutation(
                    "nobody lingers",
                    "engine/Connection",
                    "if (input.isEnded()) {\n                close();",
                    "if (true) {\n                close();"),
            new Mutation("the deadline is not set", "engine/Connection", "alarm = Alarm.arm(alarm, this);", ""),
            new Mutation(
                    "a deadline that came too early is not set again",
                    "engine/Alarm",
                    "onPassed(passed);\n                }\n            } catch (IOException | RuntimeException e) {\n                of.onFailure(e);\n            }\n            of.touch();",
                    "onPassed(passed);\n                }\n            } catch (IOException | RuntimeException e) {\n                of.onFailure(e);\n            }"),
            new Mutation(
                    "a late loop cuts off a peer that would have taken its replies",
                    "engine/Alarm",
                    "of.isReadyNow();\n        of.write();\n",
                    "of.isReadyNow();\n"),
            new Mutation(
                    "the last reason wins",
                    "engine/Life",
                    "        if (reason == null) {\n            reason = why;\n        }",
                    "        reason = why;"),
            new Mutation(
                    "a failure after the end of the stream is hidden",
                    "engine/Life",
                    "reason != null && (!reason.isOrderly() || state.compareTo(SessionState.LINGERING) >= 0)",
                    "reason != null"),
            new Mutation(
                    "a failure in the last pass is hidden",
                    "engine/Connection",
                    "life.overtake(session.requested());\n            }\n            if (input",
                    "}\n            if (input"),
            new Mutation(
                    "a session that is not watched is forgotten",
                    "engine/Alarm",
                    "!readUnasked() && of.isIncomplete()",
                    "of.isIncomplete()"),
            new Mutation(
                    "the handler is not told of the end",
                    "session/ServedSession",
                    "boolean isTold = isServed && shared.settings.handling.handlesClose;",
                    "boolean isTold = false;"),
            new Mutation(
                    "the drain does not end at its deadline",
                    "engine/Drain",
                    "forced += connection.force() ? 1 : 0);\n        shared.loop.stop();",
                    "forced += connection.force() ? 1 : 0);"),
            new Mutation(
                    "the drain forgets the messages that wait",
                    "engine/Drain",
                    "counters.messagesRead.sum() - counters.messagesHandled.sum() - messagesDroppedBefore",
                    "counters.messagesDropped.sum() - messagesDroppedBefore"),
            new Mutation(
                    "messages of lost peers are handled after the drain", "engine/Drain", "shared.cutOff = true;", ""),
            new Mutation(
                    "the counters forget a closed session",
                    "engine/Connection",
                    "        shared.counters.closed(reason);\n",
                    ""),
            // budgets
            new Mutation(
                    "the server's memory for messages has no limit",
                    "session/Shared",
                    "new Budget(settings.messageMemory,",
                    "new Budget(Long.MAX_VALUE / 2,"),
            new Mutation(
                    "the pressure of a full memory never ends",
                    "limit/Budget",
                    "private void relieve() {\n        allowance = Long.MAX_VALUE;\n        loop.timers().cancel(look);\n        loop.timers().cancel(raise);\n        relieved.run();",
                    "private void relieve() {"),
            new Mutation(
                    "those that paused for memory are not told that there is some",
                    "limit/Budget",
                    "loop.timers().cancel(raise);\n        relieved.run();",
                    "loop.timers().cancel(raise);"),
            new Mutation(
                    "a full memory ends nobody",
                    "limit/Budget",
                    "watch(isDue && endLargest.getAsBoolean());",
                    "watch(false);"),
            new Mutation(
                    "a full memory is not looked at",
                    "limit/Budget",
                    "loop.timers().arm(look, loop.now() + (mayHelp && isFarAbove() ? 0 : PATIENCE_NANOS));",
                    ""),
            new Mutation(
                    "who holds much may hold more though the memory is full",
                    "limit/Budget",
                    "return limit / Math.max(1, holders);",
                    "return limit;"),
            new Mutation("the lost may hold any number of messages", "limit/Lost", "if (fits) {", "if (true) {"),
            new Mutation(
                    "the lost that have gone are counted for ever",
                    "engine/Connection",
                    "shared.lost.leave(this);",
                    ""),
            new Mutation("a place among those turned away is not freed", "session/Shared", "turnedAway--;", ""),
            new Mutation(
                    "who is ended in the queue stays there",
                    "session/Admission",
                    "void withdraw(Guest guest) {\n        waiting.remove(guest);",
                    "void withdraw(Guest guest) {"),
            // input
            new Mutation(
                    "reading goes on though messages are left over",
                    "engine/Parts",
                    "(!input.mayHoldMessages() && laneRoom() > 0 &&",
                    "(laneRoom() > 0 &&"),
            new Mutation(
                    "readable input is thrown away after a failed write",
                    "engine/Connection",
                    "if (output.isBroken() && (!life.is(OPEN) || life.isEnding())) {",
                    "if (output.isBroken()) {"),
            new Mutation(
                    "the drain does not wait for what has arrived",
                    "engine/Connection",
                    "if (!input.isTakenIn(count, transport.mostUnread())) {",
                    "if (false) {"),
            new Mutation(
                    "the drain takes a read without room for the end",
                    "engine/Input",
                    "return count == 0 || takenIn > mostUnread;",
                    "return true;"),
            new Mutation(
                    "a session without room is drained at once",
                    "engine/Connection",
                    "!wantsEnd || !mayRead() || transport.isReadBlocked()) {\n            return;",
                    "!wantsEnd) {\n            return;"),
            new Mutation(
                    "the time of the queue counts as the peer's",
                    "engine/Arriving",
                    "input.awaitFrom(now());\n        output.restart(now());",
                    "output.restart(now());"),
            new Mutation("the message timeout counts the pause", "engine/Input", "awaitedSince += now - counted;", ""),
            new Mutation(
                    "the message timeout runs while nothing is read",
                    "engine/Deadline",
                    "&& (of.asked() & SelectionKey.OP_READ) != 0;",
                    ";"),
            new Mutation(
                    "each byte extends the message timeout",
                    "engine/Input",
                    "if (!hadBegun || !messages.isEmpty()) {",
                    "if (isIncomplete()) {"),
            new Mutation(
                    "a read-idle peer is not looked at before the blame",
                    "engine/Alarm",
                    "if (!readUnasked() && !of.session.askIfReadIdle()) {",
                    "if (!of.session.askIfReadIdle()) {"),
            new Mutation(
                    "messages do not prolong the read-idle time",
                    "engine/Input",
                    "if (!hadBegun || !messages.isEmpty()) {",
                    "if (isIncomplete() && (!hadBegun || !messages.isEmpty())) {"),
            new Mutation(
                    "an idle peer is not looked at before the blame",
                    "engine/Alarm",
                    "if (!readUnasked() && !of.session.askIfIdle()) {\n                    of.life.end(CloseReason.IDLE_TIMEOUT);",
                    "if (!of.session.askIfIdle()) {\n                    of.life.end(CloseReason.IDLE_TIMEOUT);"),
            new Mutation("input that was found is always the selector's", "loop/Watched", "proof = Proof.DOUBT;", ""),
            new Mutation(
                    "one finding proves that the selector is deaf",
                    "loop/Watched",
                    "if (proof == Proof.DOUBT) {",
                    "if (true) {"),
            new Mutation(
                    "what comes before a malformed message is dropped",
                    "engine/Input",
                    "refused = e;",
                    "refused = e;\n            messages.clear();"),
            new Mutation(
                    "what was found unreported is not watched anew",
                    "loop/Watched",
                    "proof = Proof.DOUBT;\n watchAnew();",
                    "proof = Proof.DOUBT;"),
            // handling
            new Mutation(
                    "messages of an abandoned session are handled",
                    "session/SessionParts",
                    "shared.counters.messagesDropped.add(lane.abandon());",
                    ""),
            new Mutation(
                    "messages of a session that is cut off are handled",
                    "engine/Connection",
                    "session.abandon();\n        }\n        if (life.isClosed()) {",
                    "}\n        if (life.isClosed()) {"),
            new Mutation(
                    "a turn goes on over the high water",
                    "session/ServedSession",
                    "event == null && (shared.cutOff || mayHandle())",
                    "event == null"),
            new Mutation(
                    "a turn has no end",
                    "session/ServedSession",
                    "(handled < shared.settings.messagesPerTurn && now - began < NANOS_PER_TURN)",
                    "true"),
            new Mutation(
                    "sessions in bulk are never taken",
                    "crossing/ReadyQueue",
                    "boolean takesBulk = !bulk.isEmpty() && (prompt.isEmpty() || sinceBulk >= PROMPT_PER_BULK);",
                    "boolean takesBulk = false;"),
            new Mutation(
                    "sessions in bulk are starved",
                    "crossing/ReadyQueue",
                    "prompt.isEmpty() || sinceBulk >= PROMPT_PER_BULK",
                    "prompt.isEmpty()"),
            new Mutation(
                    "what a pass has no time for is forgotten",
                    "loop/EventLoop",
                    "ready.isEmpty() && touched.isEmpty() &&",
                    "ready.isEmpty() &&"),
            new Mutation(
                    "what is in bulk is never settled",
                    "loop/EventLoop",
                    "step.accept(agenda.pollBulk());",
                    "agenda.pollBulk();"),
            new Mutation(
                    "what is left over is not settled at the end",
                    "loop/EventLoop",
                    "quantum = Long.MAX_VALUE;\n            settle();",
                    "quantum = Long.MAX_VALUE;"),
            new Mutation(
                    "an interrupt is left to the next message",
                    "session/ServedSession",
                    "shared.counters.messagesHandled.increment();\n        Thread.interrupted();",
                    "shared.counters.messagesHandled.increment();"),
            new Mutation(
                    "a worker that is through seems to be at work",
                    "crossing/Workers",
                    "now = run(next, now);\n                SESSION.lazySet(this, null);",
                    "now = run(next, now);"),
            new Mutation("a handler that goes on keeps its replies", "crossing/Workers", "at.flush();", ""),
            new Mutation(
                    "a handler that goes on is looked at once",
                    "crossing/Workers",
                    "if (!isIdle()) { look(now); }",
                    ""),
            new Mutation(
                    "an observer's exception is let through",
                    "guest/GuardedObserver",
                    "received(Session session, String message) {\n for (ServerObserver each : observers) {\n try { each.received(session, message); } catch (Throwable e) { complain(each, e); }",
                    "received(Session session, String message) {\n for (ServerObserver each : observers) {\n each.received(session, message);"),
            new Mutation(
                    "a request that is held is forgotten at the half-close",
                    "engine/Connection",
                    "session.isAtRest() && !transport.holdsOutput() && session.outbox.shutIfEmpty()",
                    "session.lane.isIdle() && session.outbox.shutIfEmpty()"),
            new Mutation(
                    "who holds a request seems idle",
                    "engine/Deadline",
                    "&& of.session.isAtRest()\n                && of.session.outbox.isEmpty()\n                && !of.transport",
                    "&& of.session.lane.isIdle()\n                && of.session.outbox.isEmpty()\n                && !of.transport"),
            new Mutation(
                    "the release of a request is not told to the loop",
                    "session/SessionParts",
                    "HELD.decrementAndGet(this);\n        tellLoop();",
                    "HELD.decrementAndGet(this);"),
            new Mutation(
                    "any number of requests is held",
                    "session/ServedSession",
                    "(!isHeldBack() || outbox.isShut())",
                    "true"),
            // late replies, flow and groups
            new Mutation(
                    "a late reply that is there overtakes",
                    "session/ServedSession",
                    "boolean isNext = answers == null || answers.isIdle();",
                    "boolean isNext = true;"),
            new Mutation(
                    "late replies that waited for another are forgotten",
                    "session/Answers",
                    "for (; next != null; next = next()) {",
                    "if (next != null) {"),
            new Mutation("a request that is answered late is not held", "session/Answers", "asker.onAsked();", ""),
            new Mutation(
                    "an exception overtakes late replies",
                    "session/ServedSession",
                    "if (answers == null || answers.isIdle()) {\n onHandlerFailure(message, e);",
                    "if (true) {\n onHandlerFailure(message, e);"),
            new Mutation(
                    "a late failure is told and not waited for",
                    "session/ServedSession",
                    "onAsked();\n lane.hurry(() -> {",
                    "lane.hurry(() -> {"),
            new Mutation(
                    "a late failure is not told",
                    "session/ServedSession",
                    "if (!outbox.isShut()) { // else",
                    "if (false) { // else"),
            new Mutation(
                    "an event waits for room in the outbox",
                    "engine/Connection",
                    "(session.mayHandle() || session.lane.isUrgent())",
                    "session.mayHandle()"),
            new Mutation(
                    "what is drawn from is drawn without room",
                    "session/Supply",
                    "} else if (!sink.hasRoom()) {",
                    "} else if (false) {"),
            new Mutation(
                    "who waits for room is not told of it",
                    "session/Sending",
                    "if (!awaitsRoom() || outbox.cost() > highWater() / 2) {",
                    "if (true) {"),
            new Mutation(
                    "a session is through though its handler waits for room",
                    "engine/Connection",
                    "session.offerRoom(); // before it is taken to be through",
                    ""),
            new Mutation(
                    "the next message is handled before all is sent",
                    "session/Sending",
                    "(from != null && from.isActive())",
                    "false"),
            new Mutation("what is drawn from is not held", "session/Supply", "sink.onAsked();", ""),
            new Mutation("who is paused is handled", "session/Sending", "isOverHeld() || paused ||", "isOverHeld() ||"),
            new Mutation(
                    "the end of a pause is not told to the loop",
                    "session/Sending",
                    "paused = false;\n        tellLoop();",
                    "paused = false;"),
            new Mutation("what a group is sent is not told to the loop", "session/Members", "loop.post(this);", ""),
            new Mutation(
                    "who leaves a group is not told to the loop",
                    "session/Groups",
                    "session.tellLoop(); // the group's letter will not find it",
                    ""),
            new Mutation(
                    "who has ended stays in its groups", "session/ServedSession", "shared.groups.leaveAll(this);", ""),
            new Mutation("a group without members stays", "session/Groups", "byName.remove(name);", ""),
            new Mutation(
                    "who has ended may join",
                    "session/Groups",
                    "if (session.isOpen()) {\n return true;",
                    "if (true) {\n return true;"),
            // output
            new Mutation(
                    "a session is written to without end",
                    "engine/Output",
                    "i < WRITES_PER_PASS && !full &&",
                    "!full &&"),
            new Mutation(
                    "a full outbox ends in order",
                    "engine/Connection",
                    "if (requested == CloseReason.OUTBOX_FULL) {",
                    "if (false) {"),
            new Mutation(
                    "a connection that is cut off ends in order",
                    "engine/Connection",
                    "close(isMissed || (output.isBroken() && transport.end() != Transport.End.BOTH_WAYS));",
                    "close(false);"),
            new Mutation(
                    "a connection that ends in order is reset", "wire/PlainTransport", "if (cutOff) {", "if (true) {"),
            // the end
            new Mutation(
                    "dropped replies do not change the reason",
                    "engine/Connection",
                    "if (isMissed || isUnanswered ||",
                    "if (isUnanswered ||"),
            new Mutation(
                    "dropped messages do not change the reason",
                    "engine/Connection",
                    "if (isMissed || isUnanswered ||",
                    "if (isMissed ||"),
            new Mutation(
                    "a failure changes the reason of a lingering session",
                    "engine/Life",
                    "(!reason.isOrderly() || state.compareTo(SessionState.LINGERING) >= 0)",
                    "!reason.isOrderly()"),
            new Mutation(
                    "handlers are not told of an end by force",
                    "engine/Engine",
                    "if (workers.isPending()) {",
                    "if (false) {"),
            new Mutation(
                    "nobody is handed off at the end by force",
                    "engine/Connection",
                    "abort(CloseReason.DRAIN_TIMEOUT);\n        }\n        handOff();",
                    "abort(CloseReason.DRAIN_TIMEOUT);\n        }"),
            new Mutation(
                    "the last call does not end",
                    "engine/Drain",
                    "after(Math.min(LAST_CALL_NANOS, timeout / 2), this::endLastCall);",
                    ""),
            new Mutation(
                    "the drain waits for messages of the lost to its deadline",
                    "engine/Drain",
                    "after(shared.loop.now() - began + LAST_CALL_NANOS, this::force);",
                    ""),
            new Mutation(
                    "the drain goes on when nobody is left", "engine/Drain", "if (shared.live == 0) {", "if (false) {"),
            new Mutation(
                    "the drain takes twice its time",
                    "engine/Drain",
                    "after(timeout, this::force);",
                    "after(2 * timeout, this::force);"),
            new Mutation(
                    "the drain takes half its time",
                    "engine/Drain",
                    "after(timeout, this::force);",
                    "after(timeout / 2, this::force);"),
            new Mutation("a full memory counts what has left already", "limit/Budget", "recount.run();", ""),
            // a clock that wraps
            new Mutation(
                    "the order of timers knows no wrap",
                    "loop/Timers",
                    "heap[a].deadline - heap[b].deadline < 0",
                    "heap[a].deadline < heap[b].deadline"),
            new Mutation(
                    "whether a timer is due knows no wrap",
                    "loop/Timers",
                    "heap[0].deadline - now > 0",
                    "heap[0].deadline > now"),
            new Mutation(
                    "whether a deadline is earlier knows no wrap",
                    "engine/Alarm",
                    "at - armed.deadline() < 0",
                    "at < armed.deadline()"),
            new Mutation(
                    "whether a pause counts knows no wrap",
                    "engine/Input",
                    "pausedSince - awaitedSince > 0",
                    "pausedSince > awaitedSince"));

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
