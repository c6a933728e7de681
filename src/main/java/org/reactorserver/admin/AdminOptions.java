package org.reactorserver.admin;

import java.nio.file.Path;
import java.util.List;
import org.reactorserver.option.Kind;
import org.reactorserver.option.Option;
import org.reactorserver.option.Option.Topic;
import org.reactorserver.option.OptionException;
import org.reactorserver.option.Values;
import org.reactorserver.wire.Endpoint;

/** What {@link Admin} can be told by a command line, a file or the environment. */
public final class AdminOptions {
    /** Where it answers; nowhere by itself. */
    public static final Option<Endpoint> ADMIN = new Option<>(
            "admin",
            Topic.WATCHING,
            Kind.tcp(),
            null,
            "nowhere",
            "Serve /healthz, /readyz, /metrics, /sessions and /doctor by HTTP, there. For this machine only, unless"
                    + " --admin-remote.");

    /** Whether that may be an address that others reach. */
    public static final Option<Boolean> REMOTE = new Option<>(
            "admin-remote",
            Topic.WATCHING,
            Kind.flag(),
            false,
            null,
            "Whether --admin may be an address that other machines can reach: they may then read everything there.");

    /** The names by which it may be called, beside IP addresses and localhost. */
    public static final Option<List<String>> HOSTS = new Option<>(
            "admin-hosts",
            Topic.WATCHING,
            Kind.list("NAME,...", ",", "a name", text -> text),
            null,
            "none",
            "Host names allowed in requests to --admin, beside IP addresses and localhost.");

    /** The file whose first line authorizes a request to end sessions. */
    public static final Option<String> TOKEN_FILE = new Option<>(
            "admin-token-file",
            Topic.WATCHING,
            Kind.words("FILE"),
            null,
            "nothing can be changed",
            "Requests to --admin with the first line of this file (Authorization: Bearer) may end sessions.");

    private AdminOptions() {}

    /** All of them, in the order of the help. */
    public static List<Option<?>> all() {
        return List.of(ADMIN, REMOTE, HOSTS, TOKEN_FILE);
    }

    /**
     * What they come to; null if it is to answer nowhere.
     *
     * @throws OptionException if two of them cannot be had together
     */
    public static Admin admin(Values values) {
        Endpoint place = values.get(ADMIN);
        if (place == null) {
            for (Option<?> option : List.of(REMOTE, HOSTS, TOKEN_FILE)) {
                if (values.has(option)) {
                    throw OptionException.needs(option.name(), "", ADMIN.name(), "what it is about");
                }
            }
            return null;
        }
        if (!values.get(REMOTE) && !Admin.isOnlyForThisMachine(place)) {
            throw OptionException.needs(
                    ADMIN.name(), place.toString(), REMOTE.name(), "an address that other machines may reach");
        }
        Admin admin = Admin.atRemote(place);
        if (values.has(HOSTS)) {
            admin.hosts(values.get(HOSTS).toArray(String[]::new));
        }
        if (values.has(TOKEN_FILE)) {
            admin.tokenFile(Path.of(values.get(TOKEN_FILE)));
        }
        return admin;
    }
}
