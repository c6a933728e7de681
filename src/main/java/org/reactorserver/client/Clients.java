package org.reactorserver.client;

import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import org.reactorserver.dial.Dialer;
import org.reactorserver.framing.Decoder;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.LoopObserver;
import org.reactorserver.loop.Timers;

/** Runs any number of clients on one selector thread, the caller's, and ends when all have ended. */
public final class Clients {
    /** The longest reply that is read, in bytes. */
    private static final int MAX_REPLY = 1 << 20;

    /** What a server of ours puts before the reason for which it ends a session. */
    private static final String ERROR = "error: ";

    private final ClientPlan plan;
    private final EventLoop loop;
    private final Decoder<String> decoder;
    private final Dialer dialer;
    private final ClientListener listener;
    private final List<Client> waiting = new ArrayList<>(); // at the sync point

    private final Client.Owner owner = new Client.Owner() {
        /** With TOGETHER, has the client wait until all are where it is; otherwise it goes on at once. */
        @Override
        public void onConnected(Client client) {
            if (plan.order() == ClientPlan.Order.TOGETHER) {
                client.pause();
                waitForOthers(client);
            } else {
                client.send();
            }
        }

        @Override
        public void onReply(Client client, String reply) {
            if (reply.startsWith(ERROR) && !plan.messageOf(client.id).startsWith(ERROR)) {
                onFailed(client, "the server answered: " + reply);
                return;
            }
            replies++;
            listener.replied(client.id, reply);
            if (plan.order() == ClientPlan.Order.TOGETHER) {
                waitForOthers(client);
            } else {
                client.end();
            }
        }

        @Override
        public void onFailed(Client client, String reason) {
            listener.failed(client.id, reason);
            waiting.remove(client);
            client.end();
        }

        @Override
        public void onEnded() {
            ended++;
            if (ended == plan.count()) {
                loop.stop();
            } else if (plan.order() == ClientPlan.Order.ONE_AT_A_TIME) {
                startAfterGap();
            } else {
                passSyncPoint();
            }
        }
    };

    private int started;
    private int ended;
    private int replies;
    private boolean allConnected; // with TOGETHER: the first sync point is passed

    private Clients(ClientPlan plan, ClientListener listener) throws IOException {
        this.plan = plan;
        this.listener = listener;
        SelectorProvider provider = SelectorProvider.provider();
        this.loop = new EventLoop(provider, System::nanoTime, new LoopObserver() {});
        this.dialer = new Dialer(plan.route(), plan.server(), loop, provider, 0);
        this.decoder = new Decoder<>(plan.framing(), MAX_REPLY, plan.codec(), EventLoop.BUFFER_SIZE);
    }

    /**
     * Runs the clients.
     *
     * @return how many got their reply
     * @throws IOException if no selector can be opened
     */
    public static int run(ClientPlan plan, ClientListener listener) throws IOException {
        Clients clients = new Clients(plan, listener);
        clients.loop.execute(clients::begin);
        Throwable[] failure = new Throwable[1];
        clients.loop.run(error -> failure[0] = error);
        clients.dialer.close();
        if (failure[0] != null) {
            throw new IllegalStateException("the selector thread has died", failure[0]);
        }
        return clients.replies;
    }

    private void begin() {
        int atOnce = plan.order() == ClientPlan.Order.ONE_AT_A_TIME ? 1 : plan.count();
        while (started < atOnce) {
            startNext();
        }
    }

    private void startNext() {
        new Client(++started, plan, loop, dialer, decoder, owner).begin();
    }

    private void startAfterGap() {
        loop.timers()
                .arm(
                        new Timers.Timer() {
                            @Override
                            protected void onTimer() {
                                startNext();
                            }
                        },
                        loop.now() + plan.gap().toNanos());
    }

    private void waitForOthers(Client client) {
        waiting.add(client);
        passSyncPoint();
    }

    /** A client that has failed is not waited for. */
    private void passSyncPoint() {
        if (waiting.isEmpty() || waiting.size() + ended < plan.count()) {
            return;
        }
        List<Client> passing = List.copyOf(waiting);
        waiting.clear();
        boolean sends = !allConnected;
        allConnected = true;
        for (Client client : passing) {
            if (sends) {
                client.send();
            } else {
                client.end();
            }
        }
    }
}
