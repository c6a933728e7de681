/**
 * Which clients may connect, and how much may be held for peers. Users need {@link org.reactorserver.limit.Cidr} and
 * {@link org.reactorserver.limit.AccessList}; the rest is the engine's and may change.
 */
package org.reactorserver.limit;
