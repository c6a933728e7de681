/**
 * How a stream of bytes is messages: {@link org.reactorserver.framing.Framing}, which has the common ones and can be
 * extended by one's own.
 */
package org.reactorserver.framing;
