package org.reactorserver.page;

import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import org.reactorserver.Session;

/** A session that is nothing but a number and an address. */
final class Spoken {
    private Spoken() {}

    static Session session(long id) {
        return (Session) Proxy.newProxyInstance(
                Spoken.class.getClassLoader(),
                new Class<?>[] {Session.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "id" -> id;
                    case "peer", "remoteAddress" -> new InetSocketAddress("127.0.0.1", 1_000 + (int) id);
                    case "tls", "attachment" -> null;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
