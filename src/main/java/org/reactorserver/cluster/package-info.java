/** Groups with members on several instances of a server: {@link org.reactorserver.cluster.SharedGroups}. */
package org.reactorserver.cluster;
