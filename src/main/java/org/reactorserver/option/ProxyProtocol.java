package org.reactorserver.option;

/** Whether connections begin with a PROXY header. It is never guessed: the specification says so, and why. */
public enum ProxyProtocol {
    /** None does, but at the endpoints that say so. */
    OFF,
    /** Every one does. */
    REQUIRE
}
