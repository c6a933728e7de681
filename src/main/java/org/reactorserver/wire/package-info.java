/**
 * Where a server listens and what is spoken there before messages. Users need {@link org.reactorserver.wire.Endpoint},
 * {@link org.reactorserver.wire.Listen}, {@link org.reactorserver.wire.Tls}, {@link
 * org.reactorserver.wire.TlsSession} and the exceptions; the rest is the engine's and may change.
 */
package org.reactorserver.wire;
