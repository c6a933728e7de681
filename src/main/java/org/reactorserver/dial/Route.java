package org.reactorserver.dial;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.reactorserver.text.Addresses;
import org.reactorserver.wire.ClientTls;

/**
 * How clients reach a server: over which socket, and what is spoken before messages. Immutable; any thread.
 *
 * @param unix the server's Unix socket; null if it is reached by TCP
 * @param tls null if messages are sent in clear
 * @param introduction what is said first; null if nothing is
 */
public record Route(Path unix, ClientTls tls, Introduction introduction) {
    /** By TCP, and nothing before messages. */
    public static final Route DIRECT = new Route(null, null, null);

    /**
     * Where to connect to. Looks up the name, which may take as long as the system's resolver takes.
     *
     * @param host of a server that is reached by TCP; not looked at otherwise, and neither is the port
     */
    public SocketAddress resolve(String host, int port) throws UnknownHostException {
        return unix == null
                ? new InetSocketAddress(InetAddress.getByName(host), port)
                : UnixDomainSocketAddress.of(unix);
    }

    /**
     * The options of the command line that say the same, without their dashes, each with its value; those that are
     * not given with a value have an empty one.
     */
    public Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        put(options, "unix", unix);
        if (introduction != null) {
            put(options, "proxy-header", introduction.version().name().toLowerCase(Locale.ROOT));
            put(options, "proxy-source", introduction.source() == null ? null : Addresses.text(introduction.source()));
        }
        if (tls != null) {
            options.put("tls", "");
            put(options, "cacert", tls.authorities());
            put(options, "cert", tls.certificates());
            put(options, "key", tls.key());
            put(options, "sni", tls.serverName());
            put(options, "insecure", tls.isChecked() ? null : "");
        }
        return options;
    }

    private static void put(Map<String, String> options, String name, Object value) {
        if (value != null) {
            options.put(name, value.toString());
        }
    }
}
