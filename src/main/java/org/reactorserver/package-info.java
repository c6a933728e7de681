/**
 * What users write and get: {@link org.reactorserver.ReactorServer} and its builder, the handler, the session, and what
 * the server tells of itself.
 *
 * <p>Here and in every package that the module exports, unless a method says otherwise:
 *
 * <ul>
 *   <li>No parameter may be null, and nothing that is returned is. Null throws a
 *       {@code NullPointerException}.
 *   <li>What is passed is checked at once, in the caller's thread: an exception names what was given and what is allowed.
 *   <li>Durations are at least 0; sizes are in bytes.
 *   <li>A session's and a server's methods may be called from any thread; a builder belongs to one.
 * </ul>
 */
package org.reactorserver;
