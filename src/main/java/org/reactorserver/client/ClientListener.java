package org.reactorserver.client;

/** Receives the outcome of each client. Called on the thread that runs the clients. */
public interface ClientListener {

    /** The client has got its reply. */
    void replied(int id, String reply);

    /** The client has got no reply; the reason is a few words. */
    void failed(int id, String reason);
}
