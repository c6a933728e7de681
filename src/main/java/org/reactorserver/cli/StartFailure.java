package org.reactorserver.cli;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import org.reactorserver.option.Option;
import org.reactorserver.option.OptionException;
import org.reactorserver.option.Options;
import org.reactorserver.option.Values;
import org.reactorserver.wire.Endpoint;
import org.reactorserver.wire.ListenException;
import org.reactorserver.wire.TlsFileException;

/** Why a server does not start, and what helps, in terms of the command line. */
final class StartFailure {
    private static final String HOST = "must be an address of this machine or a name for one, or 0.0.0.0 for all";

    private StartFailure() {}

    /**
     * The same with the options that help.
     *
     * @throws OptionException if a file is the cause: that is the option's value
     */
    static IOException explained(IOException e, Values told) {
        if (e instanceof TlsFileException wrong) {
            String file = wrong.file().toString();
            throw OptionException.unusable(optionOf(wrong.file(), told).name(), file, e.getMessage());
        }
        boolean isListen = told.has(Options.LISTEN);
        if (e instanceof ListenException refused) {
            Endpoint endpoint = refused.endpoint();
            String text = e.getMessage() + "; " + advice(endpoint.kind(), refused.reason(), isListen);
            if (endpoint.kind() == Endpoint.Kind.UNIX) {
                throw OptionException.unusable(Options.LISTEN.name(), endpoint.toString(), text);
            }
            return new IOException(text, e);
        }
        String withPort = HostAdvice.on(told.get(Options.HOST));
        if (e instanceof UnknownHostException && !isListen && !withPort.isEmpty()) {
            return new IOException("'" + told.get(Options.HOST) + "' is no host" + withPort, e);
        }
        return e instanceof UnknownHostException
                ? new IOException(e.getMessage() + "; " + (isListen ? "the host of --listen " : "--host ") + HOST, e)
                : e;
    }

    /** A file may be told by several: its certificate may stand beside its key. */
    private static Option<?> optionOf(Path file, Values told) {
        for (Option<List<Path>> files : List.of(Options.TLS_CERT, Options.TLS_KEY)) {
            if (told.has(files) && told.get(files).contains(file)) {
                return files;
            }
        }
        return Options.TLS_CLIENT_CA;
    }

    private static String advice(Endpoint.Kind kind, ListenException.Reason reason, boolean isListen) {
        return switch (kind) {
            case TCP -> tcp(reason, isListen);
            case UNIX ->
                switch (reason) {
                    case IN_USE -> "choose another path, or end what is there";
                    case NOT_ALLOWED -> "choose one where this user may write";
                    case NOT_HERE, NOT_SUPPORTED, OTHER -> "choose another path";
                };
            case INHERITED -> "without such a launcher, --listen HOST:PORT";
        };
    }

    private static String tcp(ListenException.Reason reason, boolean isListen) {
        String port = isListen ? "choose another port for --listen" : "choose another --port";
        return switch (reason) {
            case IN_USE -> "another program listens there, or did a moment ago: " + port + " (0 for any)";
            case NOT_ALLOWED -> "ports below 1024 are for root: " + port;
            case NOT_HERE, OTHER -> (isListen ? "the host of --listen " : "--host ") + HOST;
            case NOT_SUPPORTED ->
                (isListen ? "--listen 0.0.0.0:PORT" : "--host 0.0.0.0") + " is for all addresses of IPv4";
        };
    }
}
