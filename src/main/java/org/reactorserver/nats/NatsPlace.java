package org.reactorserver.nats;

import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/**
 * Where NATS is, and who one is there.
 *
 * @param prefix what stands before all subjects, without the dot behind it
 * @param tls null: as the URLs say
 * @param credentials null: as the URLs say
 */
record NatsPlace(List<String> urls, String prefix, SSLContext tls, Credentials credentials) {

    /** A URL, for people. */
    static String withoutSecrets(String url) {
        return url.replaceFirst("//[^/]*@", "//");
    }

    /** For people. */
    @Override
    public String toString() {
        return urls.stream().map(NatsPlace::withoutSecrets).collect(Collectors.joining(","));
    }

    boolean asksForTls() {
        return tls != null || urls.stream().anyMatch(url -> url.startsWith("tls:"));
    }
}
