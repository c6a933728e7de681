package org.reactorserver.bench;

/**
 * What a generator does to a server.
 *
 * @param depth messages outstanding on each connection (closed model)
 * @param size bytes in a message, its newline included
 * @param rate messages a second in all (open model), or 0
 * @param fixedReply chunk framing and the tutorial's reply, instead of lines and their echo
 * @param tls over TLS 1.3
 */
record Load(int connections, int depth, int size, int rate, boolean fixedReply, boolean tls) {

    static final int SIZE = 64;
    static final String FIXED_REPLY = "收到客户端信息";

    static Load closed(int connections, int depth) {
        return new Load(connections, depth, SIZE, 0, false, false);
    }

    static Load open(int connections, int rate) {
        return new Load(connections, 1, SIZE, rate, false, false);
    }

    Load size(int bytes) {
        return new Load(connections, depth, bytes, rate, fixedReply, tls);
    }

    Load withFixedReply() {
        return new Load(connections, depth, size, rate, true, tls);
    }

    /** As this server has to be spoken with. */
    Load to(Contestant contestant) {
        return new Load(connections, depth, size, rate, fixedReply, contestant.tls());
    }
}
