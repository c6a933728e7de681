/**
 * Shared groups over NATS: {@link org.reactorserver.nats.Nats}. Needs {@code io.nats:jnats}, and nothing of what that
 * needs.
 */
package org.reactorserver.nats;
