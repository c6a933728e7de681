/**
 * Everything that a server can be told, by name: {@link org.reactorserver.option.Options}. What the builder has methods
 * for, a program can list, read from a file, and set.
 */
package org.reactorserver.option;
