/**
 * A server's numbers, for a registry of one's own: {@link org.reactorserver.metrics.Metrics} and {@link
 * org.reactorserver.metrics.Registry}. The rest is for the server itself and may change.
 */
package org.reactorserver.metrics;
