/**
 * For the tests of who uses the library: a session that records, the contract of framings, and the whole server over a
 * network, a clock and workers that one seed decides about.
 */
package org.reactorserver.testkit;
