package org.reactorserver.load.protocol;

import java.util.Random;

/** What stands for the names in texts, on one connection. Loop only. */
final class Values {
    /** The number of the connection, from 1. */
    final long connection;

    /** The number of the message on it that is being made, from 1. */
    long seq;

    /** What was set and captured, by the slots of the scenario. */
    final byte[][] named;

    /** The records that are used now, by the numbers of the scenario's tables. */
    final byte[][][] records;

    final Random random;

    Values(long connection, int names, int tables, long seed) {
        this.connection = connection;
        this.named = new byte[names][];
        this.records = new byte[tables][][];
        this.random = new Random(seed * 1_000_003 + connection);
    }
}
