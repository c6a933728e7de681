package org.reactorserver.load.protocol;

import java.util.List;

/**
 * A message under way.
 *
 * @param exact the reply, if only that tells where it ends, else null
 * @param checks must all hold for the reply
 * @param length of the message in bytes
 * @param run the flow that it belongs to
 * @param line of the scenario
 */
record Sent(Expectation expectation, byte[] exact, List<Check.Ready> checks, int length, long run, int line) {}
