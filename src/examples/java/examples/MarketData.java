package examples;

import java.io.IOException;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.reactorserver.MessageHandler;
import org.reactorserver.ReactorServer;
import org.reactorserver.Session;
import org.reactorserver.framing.Framing;

/**
 * Prices for all who connect. A fast reader gets every one; for a slow one the newest price of each symbol replaces
 * those that it has not taken, so it is behind, but never by much, and takes no more memory than there are symbols.
 */
public final class MarketData implements MessageHandler {

    /** What a subscriber has still to be told. Prices come from one thread and room from another: hence the lock. */
    private static final class Subscriber {
        private final Session session;
        private final Map<String, String> newest = new LinkedHashMap<>(); // by symbol

        Subscriber(Session session) {
            this.session = session;
        }

        synchronized void tell(String symbol, String quote) {
            newest.put(symbol, quote);
            send();
        }

        /** If it is not writable now, onWritable comes later, and then this is called again. */
        synchronized void send() {
            Iterator<String> quotes = newest.values().iterator();
            while (quotes.hasNext() && session.isWritable()) {
                session.send(quotes.next());
                quotes.remove();
            }
        }
    }

    /** How it is served. */
    public ReactorServer.Builder builder() {
        return ReactorServer.builder(Framing.lines()).port(8888).handler(this);
    }

    /** Tells everybody. Any thread, one at a time. */
    public void publish(Collection<Session> sessions, String symbol, long price) {
        String quote = symbol + " " + price;
        for (Session session : sessions) {
            if (session.attachment() instanceof Subscriber subscriber) {
                subscriber.tell(symbol, quote);
            }
        }
    }

    @Override
    public void onOpen(Session session) {
        session.attach(new Subscriber(session));
    }

    @Override
    public void onWritable(Session session) {
        ((Subscriber) session.attachment()).send();
    }

    /** Nothing is asked. */
    @Override
    public void onMessage(Session session, String message) {}

    /** Serves at port 8888, with prices that are made up, until the process is ended. */
    public static void main(String[] arguments) throws IOException {
        MarketData market = new MarketData();
        ReactorServer server = market.builder().start();
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        clock.scheduleAtFixedRate(
                () -> market.publish(
                        server.sessions(),
                        "SYM",
                        1000 + ThreadLocalRandom.current().nextInt(100)),
                0,
                50,
                TimeUnit.MILLISECONDS);
    }
}
