package org.reactorserver.session;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.reactorserver.CallContext;
import org.reactorserver.CloseReason;
import org.reactorserver.ServerObserver;
import org.reactorserver.SessionHandler;
import org.reactorserver.framing.Binary;
import org.reactorserver.framing.Framing;
import org.reactorserver.framing.Text;
import org.reactorserver.option.Figures;
import org.reactorserver.option.OptionException;
import org.reactorserver.option.Options;
import org.reactorserver.option.Values;
import org.reactorserver.wire.Listen;
import org.reactorserver.wire.Tls;

/** The settings of a server: figures, and what is no figure. Immutable; any thread. */
public final class Settings extends Figures {
    /**
     * What is no option, since it is no text.
     *
     * @param listens empty: as the options tell
     * @param tls null: as the options tell
     * @param announceTo null: no beacon
     * @param executor null: the server makes its own
     * @param errorReplies a text, or bytes, or null, for a reason and what is wrong; null: as the kind of handler tells
     * @param around null: nothing
     * @param threadNames what they begin with
     */
    public record Parts(
            Framing framing,
            SessionHandler<?> handler,
            List<ServerObserver> observers,
            List<Listen> listens,
            Tls tls,
            InetSocketAddress announceTo,
            SelectorProvider provider,
            LongSupplier clock,
            Executor executor,
            BiFunction<CloseReason, String, ?> errorReplies,
            CallContext around,
            String threadNames) {}

    public final Framing framing;
    final Text text;
    public final Handling handling;
    public final SelectorProvider provider;
    public final InetSocketAddress announceTo;
    public final List<ServerObserver> observers;
    public final List<Listen> listens;
    public final Tls tls; // null: nowhere
    public final LongSupplier clock;
    public final Executor executor;
    final CallContext around; // null: nothing
    private final String threadNames;
    private final BiFunction<CloseReason, String, ?> errorReplies;

    /**
     * Works out every default.
     *
     * @param openFiles how many files and sockets the process may have open
     * @throws org.reactorserver.option.OptionException if two of the values cannot be had together
     */
    public Settings(Parts parts, Values values, int openFiles) {
        super(values, openFiles);
        if (lastLine && parts.framing != Framing.lines()) {
            throw OptionException.refused(Options.LAST_LINE.name(), "true", "false with " + parts.framing + " framing");
        }
        String charsetNeeded = parts.framing.objection(charset);
        if (charsetNeeded != null) {
            throw OptionException.refused(Options.CHARSET.name(), charset.name(), charsetNeeded);
        }
        this.framing = parts.framing;
        this.text = new Text(charset, replaceMalformed);
        this.handling = new Handling(parts.handler, text);
        if (writeIdleNanos > 0 && !handling.handlesWriteIdle) {
            throw OptionException.refused(
                    Options.WRITE_IDLE_TIMEOUT.name(),
                    Options.WRITE_IDLE_TIMEOUT.text(values.get(Options.WRITE_IDLE_TIMEOUT)),
                    "0, or a handler that has an onWriteIdle");
        }
        this.observers = List.copyOf(parts.observers);
        this.tls = parts.tls != null ? parts.tls : toldTls;
        this.listens = withTls(parts.listens.isEmpty() ? toldListens : withProxies(parts.listens));
        this.announceTo = parts.announceTo;
        this.provider = parts.provider;
        this.clock = parts.clock;
        this.executor = parts.executor;
        this.around = parts.around;
        this.threadNames = parts.threadNames;
        this.errorReplies = parts.errorReplies != null
                ? parts.errorReplies
                : (why, problem) -> handling.isBinary ? null : "error: " + problem;
    }

    /** Where it is said for none of several endpoints, TLS is for all of them. */
    private List<Listen> withTls(List<Listen> told) {
        boolean isTold = told.stream().anyMatch(Listen::tls);
        if (isTold && tls == null) {
            throw OptionException.needs(
                    Options.LISTEN.name(), told.toString(), Options.TLS_CERT.name(), "the TLS that it asks for");
        }
        return told.stream()
                .map(each -> new Listen(each.endpoint(), tls != null && (each.tls() || !isTold), each.proxy()))
                .toList();
    }

    /** Sets what every client's socket gets; what is off or left to the kernel costs no call. */
    public void setClientOptions(SocketChannel channel) throws IOException {
        if (noDelay) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        if (keepAlive) {
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            keepAlives.apply(channel);
        }
        if (sendBuffer > 0) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, sendBuffer);
        }
    }

    /** What the names of the server's threads begin with. */
    public String threadNames() {
        return threadNames;
    }

    /** What a client must know: {@code line}, {@code line GBK}. */
    public String spoken() {
        return charset.equals(StandardCharsets.UTF_8) ? framing.toString() : framing + " " + charset;
    }

    /**
     * The payload of a text or of bytes.
     *
     * @throws IllegalArgumentException if it cannot be one message of the framing
     */
    byte[] payload(Object message) {
        return message instanceof String string
                ? framing.encode(string, text)
                : framing.encode((byte[]) message, Binary.INSTANCE);
    }

    /** What the peer is sent for an error; null for nothing. */
    Object errorReply(CloseReason why, String problem) {
        return errorReplies.apply(why, problem);
    }
}
