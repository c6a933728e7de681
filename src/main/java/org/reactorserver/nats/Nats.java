package org.reactorserver.nats;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.reactorserver.GroupBus;

/**
 * Describes a bus that is NATS, core publish and subscribe, without JetStream:
 *
 * <pre>{@code
 * GroupBus bus = Nats.bus("nats://one:4222", "nats://two:4222").credentials(Path.of("chat.creds")).build();
 * }</pre>
 *
 * <p>A user and a password, or a token, may stand in the URL: {@code nats://user:secret@host:4222}. With {@code tls://}
 * the server's certificate is checked with the JVM's trusted ones, or with those of {@link Builder#tls}. Everything is
 * published below {@code reactor.}, unless another prefix is given: instances with the same one share their groups.
 */
public final class Nats {
    private static final Set<String> SCHEMES = Set.of("nats", "tls");
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_-]{1,64}(\\.[A-Za-z0-9_-]{1,64}){0,7}");

    private Nats() {}

    /**
     * Begins to describe the bus at these servers, which are one NATS cluster: one is enough, others are learned from
     * it.
     *
     * @throws IllegalArgumentException if there is none, or one is no URL such as {@code nats://127.0.0.1:4222}
     */
    public static Builder bus(String... urls) {
        if (urls.length == 0) {
            throw new IllegalArgumentException("bus(): expected a URL such as nats://127.0.0.1:4222");
        }
        for (String url : urls) {
            check(url);
        }
        return new Builder(List.of(urls));
    }

    private static void check(String url) {
        String problem = "expected a URL such as nats://127.0.0.1:4222 or tls://host:4222";
        try {
            URI uri = new URI(url);
            if (uri.getScheme() == null || !SCHEMES.contains(uri.getScheme()) || uri.getHost() == null) {
                throw new IllegalArgumentException("'" + NatsPlace.withoutSecrets(url) + "': " + problem);
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + NatsPlace.withoutSecrets(url) + "': " + problem, e);
        }
    }

    /** Describes a bus. Not thread-safe. */
    public static final class Builder {
        private final List<String> urls;
        private String prefix = "reactor";
        private SSLContext tls;
        private Credentials credentials;

        private Builder(List<String> urls) {
            this.urls = urls;
        }

        /**
         * What stands before all subjects, in place of {@code reactor}; instances with another one are not heard.
         *
         * @throws IllegalArgumentException if it is not one to eight words of letters, digits, - and _, with dots
         *     between
         */
        public Builder prefix(String words) {
            if (!PREFIX.matcher(words).matches()) {
                throw new IllegalArgumentException(
                        "prefix '%s': expected words of letters, digits, - and _, with dots between".formatted(words));
            }
            this.prefix = words;
            return this;
        }

        /** TLS is spoken, whatever the URL says, with these keys and this trust. */
        public Builder tls(SSLContext context) {
            this.tls = Objects.requireNonNull(context, "tls");
            return this;
        }

        /**
         * Who one is, from a file as {@code nsc} makes it: a JWT and the seed of its key, or the seed of an NKey alone.
         * It is read now.
         *
         * @throws IOException if it cannot be read, or has no seed of a user's key
         */
        public Builder credentials(Path file) throws IOException {
            this.credentials = Credentials.read(file);
            return this;
        }

        /** The bus; it connects when it is opened. */
        public GroupBus build() {
            return new NatsBus(new NatsPlace(urls, prefix, tls, credentials));
        }
    }
}
