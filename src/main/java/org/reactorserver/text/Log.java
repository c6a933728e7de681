package org.reactorserver.text;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's logger. In a class of its own, so that it is made when there is something to say: to set
 * up logging takes as long as to start the server.
 */
public final class Log {
    /** Named after the class that users know. */
    public static final Logger LOG = LoggerFactory.getLogger("org.reactorserver.ReactorServer");

    private Log() {}
}
